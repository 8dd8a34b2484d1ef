// perigee grpc: TLS, metadata, where messages come from, and calls of every kind.
#include <algorithm>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/ssl.h>

#include "tests/process/script_run.h"
#include "tests/support/http2_frames.h"
#include "tests/support/raw_server.h"
#include "tests/support/target_process.h"
#include "tests/support/test_authority.h"

namespace perigee {
namespace {

using nlohmann::json;

const std::string kEcho = "perigee.test.Test/Echo";

ProcessResult grpc(std::vector<std::string> words) {
  words.insert(words.begin(), {perigee_program(), "grpc"});
  return run_process(words);
}

std::string address(const TargetProcess& target) {
  return target.url().substr(7);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Certificates in files.
struct Files {
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
    return folder / name;
  }

  ScratchFolder folder;
  TestAuthority authority;
  TestIdentity identity = authority.issue();
  std::string ca = write("ca.pem", authority.certificate());
  std::string certificate = write("cert.pem", identity.certificate);
  std::string key = write("key.pem", identity.key);
};

// What a failure says.
std::string failure(const ProcessResult& result) {
  INFO(result.err);
  CHECK(result.exit_code == 110);
  CHECK(result.out.empty());
  return result.err;
}

}  // namespace

TEST_CASE("a server of TLS is trusted by its authority, or without checks, and else refused") {
  const Files files;
  const TargetProcess target({"--tls-cert=" + files.certificate, "--tls-key=" + files.key});
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"-cacert", files.ca}, {"--skipTLS"}, {"--skip-verify"}}) {
    for (const std::vector<std::string>& rest :
         {std::vector<std::string>{kEcho}, {"list"}, {kEcho, "-s", "-n", "2"}}) {
      std::vector<std::string> all = words;
      all.push_back(address(target));
      all.insert(all.end(), rest.begin(), rest.end());
      const ProcessResult run = grpc(all);
      INFO(run.out, run.err);
      CHECK(run.exit_code == 0);
    }
  }
  CHECK(has(failure(grpc({address(target), kEcho})), "--cacert FILE trusts an authority"));
  CHECK(has(failure(grpc({"-cacert", files.ca, "-n", "2", "-servername", "other.example",
                          address(target), kEcho})),
            "certificate doesn't match hostname (--servername NAME"));
}

TEST_CASE("a certificate is shown to the server, and the name that it is asked for") {
  const Files files;
  const RawServer server({RawServer::Script{}}, {.identity = files.identity,
                                                 .client_authority = files.authority.certificate(),
                                                 .version = TLS1_2_VERSION,
                                                 .protocols = "h2"});
  const std::string to = fmt::format("127.0.0.1:{}", server.port());
  const std::vector<std::string> refused{"-cacert",   files.ca, "-servername",
                                         "localhost", to,       "list"};
  CHECK(has(failure(grpc(refused)), "tls"));
  const std::string shown = failure(grpc({"-cacert", files.ca, "-cert", files.certificate, "-key",
                                          files.key, "-authority", "localhost:99", to, "list"}));
  CHECK(has(shown, "before any HTTP/2 has come"));
  CHECK(server.server_names() == std::vector<std::string>{"localhost", "localhost"});
}

TEST_CASE("a server that has gone before a load begins is one line without the script's places") {
  const Files files;
  // It is tried over the first connection.
  const RawServer server(
      {{RawServer::begin_tls(), RawServer::send(http2::settings()), RawServer::hang()},
       {RawServer::send_plain("no TLS any more")}},
      {.identity = files.identity, .protocols = "h2", .at_once = false});
  const std::string said = failure(
      grpc({"-cacert", files.ca, "-import-path", "scenarios/protos", "-proto", "perigee/test.proto",
            "-s", "-n", "2", fmt::format("127.0.0.1:{}", server.port()), kEcho}));
  CHECK(has(said, "tls: "));
  CHECK_FALSE(has(said, "perigee grpc"));
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);
}

TEST_CASE("files that are no certificates are wrong flags, by their names") {
  const Files files;
  const std::string other = files.write("other.pem", files.authority.issue().key);
  const auto told = [](const std::vector<std::string>& words) {
    const ProcessResult run = grpc(words);
    CHECK(run.exit_code == 104);
    return run.err;
  };
  CHECK(has(told({"-cacert", files.key, "127.0.0.1:1", kEcho}), "--cacert: "));
  CHECK(has(told({"-cert", files.certificate, "-key", other, "127.0.0.1:1", kEcho}), "--key: "));
  CHECK(has(told({"-cert", files.ca, "127.0.0.1:1", "-n", "1", kEcho}), "--key: "));
}

TEST_CASE("metadata go along with a call, as text and as bytes") {
  const TargetProcess target;
  const ProcessResult run =
      grpc({"-plaintext", "-H", "X-One: 1", "-m", R"({"two": "b"})", "-H", "x-raw-bin: AP8=", "-H",
            "user-agent: probe", "-d", R"({"with_metadata": true})", address(target), kEcho});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  const json metadata = json::parse(run.out)["metadata"];
  CHECK(metadata["x-one"] == "1");
  CHECK(metadata["two"] == "b");
  CHECK(metadata["x-raw-bin"] == "AP8");
  CHECK(metadata["user-agent"] == "probe");
}

TEST_CASE("messages come from files and from the standard input") {
  const TargetProcess target;
  const Files files;
  const std::string data = files.write("data.json", "{\"text\": \"of a file\"}");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"-D", data}, {"-d", "@" + data}}) {
    std::vector<std::string> all{"-plaintext"};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {address(target), kEcho});
    CHECK(json::parse(grpc(all).out)["text"] == "of a file");
  }
  for (const char* flag : {"-d @", "-d @-", "-D -"}) {
    CAPTURE(flag);
    const std::string command =
        fmt::format("echo '{{\"text\": \"piped\"}}' | {} grpc -plaintext {} {} {}",
                    perigee_program(), flag, address(target), kEcho);
    CHECK(json::parse(run_process({"sh", "-c", command}).out)["text"] == "piped");
  }
}

TEST_CASE("streams of each kind are printed message by message") {
  const TargetProcess target;
  const ProcessResult chat = grpc({"-plaintext", "-d", R"({"text": "a"} {"text": "b"})",
                                   address(target), "perigee.test.Test/Chat"});
  INFO(chat.err);
  CHECK(chat.exit_code == 0);
  CHECK(chat.out == "{\n  \"text\": \"a\"\n}\n{\n  \"text\": \"b\"\n}\n");
  const ProcessResult sum =
      grpc({"-plaintext", "-d", "[]", address(target), "perigee.test.Test/Sum"});
  CHECK(sum.out == "{}\n");
  // What has come is printed though the stream ends badly.
  const ProcessResult count =
      grpc({"-plaintext", "-d", R"({"messages": 1, "code": 8, "message": "full"})", address(target),
            "perigee.test.Test/Count"});
  CHECK(has(count.out, "\"index\": \"1\""));
  CHECK(count.exit_code == 110);
  CHECK(count.err == "the call has failed with RESOURCE_EXHAUSTED (code 8): full\n");
}

TEST_CASE("a deadline ends a call, and packed messages arrive") {
  const TargetProcess target;
  CHECK(has(
      failure(grpc({"-plaintext", "-max-time", "0.05", address(target), "perigee.test.Test/Hang"})),
      "DEADLINE_EXCEEDED (code 4)"));
  const std::string text(2000, 'x');
  const ProcessResult packed = grpc(
      {"-plaintext", "-e", "-d", fmt::format(R"({{"text": "{}"}})", text), address(target), kEcho});
  CHECK(json::parse(packed.out)["text"] == text);
}

TEST_CASE("the document of --json has the keys of perigee http, but for calls and the address") {
  const TargetProcess target;
  const ProcessResult run = grpc({"-plaintext", "--json", "-r", "100", "-z", "1s", "-c", "4",
                                  "--connections", "2", address(target), kEcho});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  const json document = json::parse(run.out);
  for (const char* key :
       {"method", "address", "seconds", "calls", "latency_ms", "latency_from_due_ms", "histogram",
        "phases_ms", "status_codes", "errors", "bytes", "thresholds", "warnings"}) {
    CAPTURE(key);
    CHECK(document.contains(key));
  }
  CHECK(document["method"] == kEcho);
  CHECK(document["calls"]["count"] == document["status_codes"]["OK"]);
}

}  // namespace perigee
