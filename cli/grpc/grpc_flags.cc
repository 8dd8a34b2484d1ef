#include "cli/grpc/grpc_flags.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/grpc/grpc_habits.h"
#include "cli/grpc/grpc_request.h"
#include "cli/grpc/grpc_words.h"
#include "cli/load_flags.h"
#include "engine/base/config_error.h"

namespace perigee {
namespace {

using enum SettingKind;

constexpr std::array kLoad{
    Setting{"connections", "-c,--concurrency", "", kWhole, "N",
            "callers, each with one call at a time (default 10)"},
    Setting{"sharedConnections", "--connections", "", kWhole, "N",
            "connections that all callers share (default: each has its own)"},
    Setting{"duration", "-z,--duration", "", kText, "D",
            "how long to call, e.g. 30s; a number is seconds (default 10s)"},
    Setting{"requests", "-n,--total,--requests", "", kWhole, "N",
            "calls in all; with -z what comes first"},
    Setting{"rate", "-r,--rps,--rate", "", kText, "N",
            "calls that start each second over all callers, however slow the answers are"}};

constexpr std::array kCall{
    Setting{"call", "--call", "", kText, "METHOD", "the method, in place of the word"},
    Setting{"data", "-d,--data", "", kTexts, "JSON",
            "the message, or several of a stream, as objects or a list; @ reads standard input, "
            "@FILE a file"},
    Setting{"dataFile", "-D,--data-file", "", kText, "FILE", "a file with the same"},
    Setting{"metadata", "-m,--metadata", "", kText, "JSON", "metadata: {\"name\": \"value\"}"},
    Setting{"headers", "-H,--rpc-header,--header", "", kTexts, "LINE",
            "'name: value' of metadata; may be repeated"},
    Setting{"timeout", "-t,--max-time,--timeout", "", kText, "D",
            "the deadline of a call; a number is seconds (default 2m)"},
    Setting{"compressed", "-e,--enable-compression", "", kSwitch, "", "pack messages by gzip"},
    Setting{"defaults", "--emit-defaults", "", kSwitch, "",
            "also print fields of the response that have their default"}};

constexpr std::array kTypes{
    Setting{"proto", "--proto", "", kTexts, "FILE",
            "a .proto file; without one or a protoset the server is asked (reflection)"},
    Setting{"importPaths", "-i,--import-path,--import-paths", "", kTexts, "DIR",
            "where .proto files are looked for; may be repeated"},
    Setting{"protoset", "--protoset", "", kText, "FILE", "what protoc --descriptor_set_out wrote"}};

constexpr std::array kConnection{
    Setting{"plaintext", "--plaintext", "", kSwitch, "", "no TLS"},
    Setting{"skipVerify", "--skipTLS,--skip-verify", "", kSwitch, "", "don't check certificates"},
    Setting{"cacert", "--cacert", "", kText, "FILE",
            "authorities to trust beside the system's, as a PEM file"},
    Setting{"cert", "--cert", "", kText, "FILE", "the certificate to show, as a PEM file"},
    Setting{"key", "--key", "", kText, "FILE", "its key; if not given, it is in the same file"},
    Setting{"serverName", "--cname,--servername", "", kText, "NAME",
            "that the server's certificate must be for"},
    Setting{"authority", "--authority", "", kText, "NAME",
            "the authority, in place of the address"},
    Setting{"connectTimeout", "--connect-timeout", "", kText, "D",
            "of connecting and reflection; a number is seconds (default 60s)"}};

// What people ask for elsewhere and happens here anyway; the help does not list it.
constexpr std::array kUsual{Setting{"useReflection", "--use-reflection", "", kSwitch, "", ""}};

std::array<SettingGroup, 6> setting_groups_of_grpc() {
  return {{{"Load", true, kLoad},
           {"Call", true, kCall},
           {"Types", true, kTypes},
           {"Connections", true, kConnection},
           {"Result", true, result_settings()},
           {"", true, kUsual}}};
}

void accept(std::string_view /*flag*/, const std::string& /*value*/) {}

void expect_path(const JsonReader& flags, const char* key, const std::string& path) {
  std::error_code ignored;
  if (path.empty() || std::filesystem::exists(path, ignored)) return;
  flags.fail(key, "there is no file \"" + path + "\"");
}

void read_file_name(const JsonReader& flags, const char* key, std::string& path) {
  flags.read(key, path);
  expect_path(flags, key, path);
  // Without a folder a script would look beside itself.
  if (!path.empty()) path = std::filesystem::absolute(path).lexically_normal();
}

void read_types(const JsonReader& flags, GrpcLoad& load) {
  flags.read("proto", load.protos);
  std::vector<std::string> lists;
  flags.read("importPaths", lists);
  for (const std::string& path : lists) {
    expect_path(flags, "importPaths", path);
    load.import_paths.push_back(std::filesystem::absolute(path).lexically_normal());
  }
  read_file_name(flags, "protoset", load.protoset);
  if (!load.protos.empty() && !load.protoset.empty()) {
    throw ConfigError("--proto and --protoset exclude each other: give one");
  }
  // A file that is named by its path is found where the command is run, too.
  if (!load.protos.empty()) load.import_paths.push_back(std::filesystem::current_path());
}

void read_grpc_access(const JsonReader& flags, GrpcAccess& access) {
  flags.read("plaintext", access.plaintext);
  flags.read("skipVerify", access.skips_verification);
  read_file_name(flags, "cacert", access.authorities);
  read_file_name(flags, "cert", access.certificate);
  read_file_name(flags, "key", access.key);
  if (access.certificate.empty() && !access.key.empty()) {
    flags.fail("key", "needs its certificate: give --cert FILE, too");
  }
  if (access.key.empty()) access.key = access.certificate;
  flags.read("serverName", access.server_name);
  flags.read("authority", access.authority);
  access.timeout = read_seconds(flags, "connectTimeout");
  for (const char* key : {"skipVerify", "cacert", "cert", "serverName"}) {
    if (access.plaintext && flags.has(key)) flags.fail(key, "is for TLS: leave out --plaintext");
  }
}

void read_calls(const JsonReader& flags, GrpcLoad& load) {
  read_amount(flags, "calls", load);
  if (flags.has("sharedConnections"))
    flags.read("sharedConnections", load.shared_connections.emplace(), 1);
  load.single = true;
  for (const char* key : {"connections", "sharedConnections", "duration", "requests", "rate",
                          "thresholds", "out", "report", "json"})
    load.single = load.single && !flags.has(key);
  if (load.single) {
    load.connections = 1;
    load.requests = 1;
    load.duration.reset();
  }
  flags.read("compressed", load.compressed);
  flags.read("defaults", load.defaults);
}

}  // namespace

GrpcFlagReader::GrpcFlagReader(CLI::App& app)
    : app_(app),
      words_{app.add_option("address")->description("the server")->type_name("HOST:PORT"),
             app.add_option("method")
                 ->description("what to call; or list [SERVICE], or describe [SYMBOL]")
                 ->type_name("SERVICE/METHOD"),
             app.add_option("word")->description("")->type_name("")->group("")},
      table_(app, setting_groups_of_grpc()) {}

bool GrpcFlagReader::parse(int argc, const char* const* argv) {
  return parse_words(app_, usual_grpc_words(argc, argv), refused_grpc_habits());
}

std::vector<std::string> GrpcFlagReader::given_words() const {
  std::vector<std::string> words;
  for (const CLI::Option* option : words_) {
    if (option->count() > 0) words.push_back(option->results().front());
  }
  return words;
}

GrpcFlags GrpcFlagReader::read(std::string* file) const {
  const OptionLayer layer = table_.written(accept);
  const JsonReader reader(layer.values, "flags", layer.names);
  GrpcFlags flags;
  read_calls(reader, flags.load);
  read_types(reader, flags.load);
  std::string call;
  reader.read("call", call);
  read_grpc_words({app_.get_name(), given_words(), call}, flags, file);
  read_grpc_request(reader, flags.load);
  read_grpc_access(reader, flags.load.access);
  read_thresholds(reader, "grpc", flags.load);
  read_result(reader, flags.result);
  return flags;
}

std::vector<FlagDescription> grpc_flags() {
  CLI::App app;
  const GrpcFlagReader reader(app);
  return describe_flags(app);
}

}  // namespace perigee
