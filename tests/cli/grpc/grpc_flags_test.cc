// Command lines as users of ghz and grpcurl type them, and the scenarios they stand for.
#include "cli/grpc/grpc_flags.h"

#include <fstream>

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

#include "cli/grpc/grpc_script.h"
#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

GrpcFlags parse(std::vector<std::string> words) {
  words.insert(words.begin(), "grpc");
  std::vector<const char*> pointers;
  for (const std::string& word : words)
    pointers.push_back(word.c_str());
  CLI::App app("", "perigee grpc");
  GrpcFlagReader reader(app);
  const bool parsed = reader.parse(static_cast<int>(pointers.size()), pointers.data());
  CHECK(parsed);
  return reader.read();
}

// ... behind which a server and a method are named.
GrpcLoad load(std::vector<std::string> words) {
  words.insert(words.end(), {"h:1", "p.S/M"});
  return parse(std::move(words)).load;
}

std::string script(std::vector<std::string> words) {
  return grpc_script(load(std::move(words)));
}

std::string error_of(std::vector<std::string> words) {
  try {
    load(std::move(words));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

void has(const std::string& text, const std::string& part) {
  INFO(text);
  INFO(part);
  CHECK(text.find(part) != std::string::npos);
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("a call without a flag of load or result is made once") {
  const GrpcLoad call = load({"-plaintext", "-d", R"({"a": 1})"});
  CHECK(call.single);
  CHECK(call.requests == 1);
  CHECK(call.address == "h:1");
  CHECK(call.method == "p.S/M");
  for (const char* flag : {"-n1", "-c1", "-z1s", "-r1", "--connections=1", "--json", "-f"}) {
    CAPTURE(flag);
    CHECK(load({flag}).single == (std::string(flag) == "-f"));
  }
}

TEST_CASE("how much load: ghz's -c, -n, -z, -r and --connections") {
  has(script({"-c", "64", "-z", "1m30s"}), "  vus = 64, ");
  has(script({"-c64", "-z5"}), "  duration = \"5s\",\n");
  has(script({"--concurrency", "4", "--total", "9"}), "  iterations = 9, ");
  const std::string rate = script({"--rps", "200", "-z", "5s", "-c", "4"});
  has(rate, "executor = \"constant-arrival-rate\",\n      rate = 200, ");
  has(rate, "maxVUs = 4, ");
  has(script({"-c", "8", "--connections", "2"}),
      "local client = grpc.client{ shared = \"all\", connections = 2 }");
}

TEST_CASE("messages are given as words and files: one, several, or a list of them") {
  using Messages = std::vector<std::string>;
  CHECK(load({}).messages.empty());
  CHECK(load({"-d", R"({"b": 1, "a": 2})"}).messages == Messages{R"({"b":1,"a":2})"});
  CHECK(load({"-d", R"({"a": 1} {"a": 2})"}).messages == Messages{R"({"a":1})", R"({"a":2})"});
  CHECK(load({"-d", R"([{"a": 1}, {}])"}).messages == Messages{R"({"a":1})", "{}"});
  const ScratchFolder folder;
  std::ofstream(folder / "data.json") << "{\"a\": 18446744073709551615}\n{}\n";
  const Messages of_file{R"({"a":18446744073709551615})", "{}"};
  CHECK(load({"-D", folder / "data.json"}).messages == of_file);
  CHECK(load({"-d", "@" + (folder / "data.json")}).messages == of_file);
  has(script({"-d", R"({"a": 1})"}), "  [[{\"a\":1}]],\n");
  has(script({"-d", "[{}, {}]"}), "turn = turn % #encoded + 1\n");
}

TEST_CASE("JSON that is none is told with its place") {
  has(error_of({"-d", R"({"a":})"}), "--data: must be JSON: parse error at line 1, column 6");
  has(error_of({"-d", "[1]"}), "--data: a message must be a JSON object");
  has(error_of({"-D", "/nowhere/x"}), "/nowhere/x");
  has(error_of({"-d", R"({"a": "{{.UUID}}"})"}), "perigee new --from grpc");
}

TEST_CASE("metadata: grpcurl's -H and ghz's -m, and bytes under names in -bin") {
  CHECK(load({"-H", "X-A: 1", "-H", "x-a:2", "-m", R"({"b": "c", "n": 5})"}).metadata ==
        Pairs{{"b", "c"}, {"n", "5"}, {"x-a", "1"}, {"x-a", "2"}});
  CHECK(load({"-H", "x-bin: AP8="}).metadata == Pairs{{"x-bin", std::string("\0\xff", 2)}});
  CHECK(load({"-H", "x-bin: AP8"}).metadata == Pairs{{"x-bin", std::string("\0\xff", 2)}});
  CHECK(load({"-H", "x-bin: _-8="}).metadata == Pairs{{"x-bin", "\xff\xef"}});
  has(script({"-H", "x-a: 1", "-H", "x-a: 2"}), "metadata = { [\"x-a\"] = { \"1\", \"2\" } },");
  CHECK(load({"-H", "User-Agent: probe"}).metadata.empty());
  has(script({"-H", "User-Agent: probe"}), "  userAgent = \"probe\",\n}\n");
  CHECK(error_of({"-H", "x-bin: ?"}) == "--header: the value of x-bin must be base64, got \"?\"");
  has(error_of({"-H", "nothing"}), "--header: must look like 'name: value'");
  has(error_of({"-H", "a b: c"}), "--header: \"a b\" is no name of metadata");
  has(error_of({"-H", "grpc-timeout: 1S"}), "belongs to gRPC itself");
  has(error_of({"-m", "a: b"}), "--metadata: must be JSON");
}

TEST_CASE("connections: TLS, its files and names, in grpcurl's spelling and in ghz's") {
  const ScratchFolder folder;
  for (const char* name : {"ca", "cert", "key"})
    std::ofstream(folder / name) << "PEM";
  const GrpcAccess access =
      load({"-cacert", folder / "ca", "-cert", folder / "cert", "-key", folder / "key",
            "-servername", "a.b", "-authority", "c.d", "-connect-timeout", "5"})
          .access;
  CHECK(access.authorities == folder / "ca");
  CHECK(access.certificate == folder / "cert");
  CHECK(access.key == folder / "key");
  CHECK(access.server_name == "a.b");
  CHECK(access.authority == "c.d");
  CHECK(access.timeout == std::chrono::seconds(5));
  CHECK(load({"--cname", "x"}).access.server_name == "x");
  CHECK(load({"--skipTLS"}).access.skips_verification);
  has(error_of({"--cacert", "/nowhere/ca"}), "--cacert: there is no file \"/nowhere/ca\"");
  has(error_of({"--key", folder / "key"}), "--key: needs its certificate");
  has(error_of({"--plaintext", "--cname", "x"}), "--servername: is for TLS");
}

TEST_CASE("the deadline, packing and defaults of a call") {
  CHECK(load({"-t", "20"}).timeout == std::chrono::seconds(20));
  CHECK(load({"--timeout", "300ms"}).timeout == std::chrono::milliseconds(300));
  CHECK(load({"-max-time", "1.5"}).timeout == std::chrono::milliseconds(1500));
  has(script({"-e", "-t", "2"}), "  timeout = \"2s\",\n  compression = \"gzip\",\n");
  CHECK(load({"-emit-defaults"}).defaults);
  has(error_of({"-t", "soon"}), "--timeout: must be a time");
}

TEST_CASE("flags of ghz and grpcurl that are not there say what to write instead") {
  const std::vector<std::pair<std::string, std::string>> kAdvice{
      {"-insecure", "--skip-verify"},
      {"-O", "--json"},
      {"--config=x", "new --from grpc"},
      {"-M", "-m \"$(cat FILE)\""},
      {"-B", "-D FILE"},
      {"--load-schedule=step", "-r N"},
      {"-x", "-z DURATION"},
      {"--cpus=2", "--workers"},
      {"-reflect-header", "-H"},
      {"-protoset-out", "protoc"},
      {"-msg-template", "describe"},
      {"-max-msg-sz", "maxReceiveSize"},
      {"-unix", "HOST:PORT"},
      {"-format-error", "standard error"},
      {"-allow-unknown-fields", "names its path"},
      {"-expand-headers", "shell"},
      {"-keepalive-time", "keepalive"},
      {"-alts", "TLS"},
      {"--stream-interval=1s", "new --from grpc"},
      {"--lb-strategy=x", "--connections N"},
      {"--count-errors", "counted"},
      {"--tags={}", "no labels"},
      {"--debug=x", "-v"},
      {"--skipFirst=1", "new --from grpc"},
      {"-user-agent", "-H"}};
  for (const auto& advised : kAdvice) {
    INFO(advised.first);
    has(error_of({advised.first}), advised.second);
  }
  has(error_of({"--rsp", "5"}), "--rps");
}

}  // namespace perigee
