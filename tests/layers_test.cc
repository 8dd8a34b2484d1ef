// Holds the tree to its layers: who may include whom, and which file may include which library.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace perigee {
namespace {

struct SourceFile {
  std::string path;
  std::string text;
};

struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

struct Library {
  std::vector<std::string_view> headers;  // or the folder that they are in
  std::vector<std::string_view> owners;
};

// What every protocol of engine/export may include, but none of the others.
const std::vector<std::string_view>& below_exports() {
  static const std::vector<std::string_view> kBelow{"engine/base/",
                                                    "engine/loop/",
                                                    "engine/net/",
                                                    "engine/http/",
                                                    "engine/metrics/",
                                                    "engine/output/",
                                                    "engine/protobuf/",
                                                    "engine/export/classic_histogram.h",
                                                    "engine/export/export_",
                                                    "engine/export/exporter.h",
                                                    "engine/export/http_push.h",
                                                    "engine/export/label_set.h",
                                                    "engine/export/limits.h",
                                                    "engine/export/metric_help.h",
                                                    "engine/export/native_histogram.h",
                                                    "engine/export/percent_encode.h",
                                                    "engine/export/push",
                                                    "engine/export/receiver_settings.h",
                                                    "engine/export/sample_book.h"};
  return kBelow;
}

// Every layer may include itself. The first layer that holds a file is its layer; a single file may
// have one of its own.
const std::vector<Layer>& layers() {
  static const std::vector<Layer> kLayers{
      {"engine/base/", {}},
      {"engine/loop/", {"engine/base/"}},
      {"engine/net/", {"engine/base/", "engine/loop/"}},
      {"engine/http/http2/", {"engine/base/", "engine/loop/", "engine/net/"}},
      {"engine/http/server/",
       {"engine/base/", "engine/loop/", "engine/net/", "engine/http/http2/",
        "engine/http/header_fields.h", "engine/http/http1_parser.h",
        "engine/http/reason_phrase.h"}},
      {"engine/http/stream_metrics.", {"engine/base/", "engine/http/", "engine/metrics/"}},
      {"engine/http/http_metrics.", {"engine/base/", "engine/http/", "engine/metrics/"}},
      {"engine/http/", {"engine/base/", "engine/loop/", "engine/net/"}},
      {"engine/grpc/grpc_metrics.", {"engine/base/", "engine/grpc/", "engine/metrics/"}},
      {"engine/grpc/server/",
       {"engine/base/", "engine/loop/", "engine/http/http2/", "engine/http/server/",
        "engine/http/content_coding.h", "engine/http/content_decoder.h",
        "engine/http/header_fields.h", "engine/grpc/message_decoder.h",
        "engine/grpc/message_frame.h", "engine/grpc/metadata.h", "engine/grpc/status.h",
        "engine/grpc/time_limit.h"}},
      {"engine/grpc/",
       {"engine/base/", "engine/loop/", "engine/net/", "engine/http/", "engine/protobuf/"}},
      {"engine/websocket/websocket_metrics.",
       {"engine/base/", "engine/websocket/", "engine/metrics/"}},
      {"engine/websocket/", {"engine/base/", "engine/loop/", "engine/net/", "engine/http/"}},
      {"engine/metrics/", {"engine/base/"}},
      {"engine/protobuf/", {"engine/base/"}},
      {"engine/tensor/", {"engine/base/"}},
      {"engine/output/", {"engine/base/", "engine/metrics/"}},
      {"engine/results/",
       {"engine/base/", "engine/metrics/", "engine/output/file_writer.h", "engine/protobuf/"}},
      {"engine/reports/", {"engine/base/", "engine/metrics/", "engine/output/", "engine/results/"}},
      {"engine/compare/", {"engine/base/", "engine/metrics/", "engine/output/", "engine/reports/"}},
      // Outputs that speak a protocol.
      {"engine/export/influx/", below_exports()},
      {"engine/export/opentelemetry/", below_exports()},
      {"engine/export/prometheus/", below_exports()},
      {"engine/export/",
       {"engine/base/", "engine/loop/", "engine/net/", "engine/http/", "engine/grpc/",
        "engine/metrics/", "engine/output/", "engine/protobuf/"}},
      {"engine/execution/",
       {"engine/base/", "engine/loop/", "engine/net/", "engine/http/http_options.h",
        "engine/metrics/", "engine/output/"}},
      {"scripting/", {"engine/"}},
      // Of Kafka what wraps the library, and nothing that knows scripts.
      {"target/kafka/",
       {"engine/", "target/", "modules/kafka/event_queue.h", "modules/kafka/mock_cluster.h",
        "modules/kafka/properties.h", "modules/kafka/rdkafka.h"}},
      {"target/", {"engine/"}},
      // A module never includes another.
      {"modules/kafka/binding/", {"engine/", "scripting/", "modules/kafka/"}},
      {"modules/kafka/", {"engine/base/", "engine/loop/", "engine/net/", "engine/metrics/"}},
      {"modules/avro/", {"engine/", "scripting/"}},
      {"modules/inference/", {"engine/", "scripting/"}},
      {"modules/k8s/", {"engine/", "scripting/"}},
      {"modules/storage/", {"engine/", "scripting/"}},
      {"modules/sync/", {"engine/", "scripting/"}},
      {"cli/", {"engine/", "scripting/", "target/", "modules/"}},
  };
  return kLayers;
}

const std::vector<Library>& libraries() {
  static const std::vector<Library> kLibraries{
      {{"lua.h", "lua.hpp", "lauxlib.h", "lualib.h", "luajit.h"},
       {"scripting/", "modules/kafka/binding/"}},
      {{"avro.h"}, {"modules/avro/library.h"}},
      {{"uv.h"}, {"engine/loop/", "engine/net/"}},
      {{"llhttp.h"}, {"engine/http/http1_parser.cc"}},
      {{"wslay/wslay.h"}, {"engine/websocket/frame_codec.cc"}},
      {{"xlsxwriter.h"}, {"engine/reports/xlsx_report.cc"}},
      {{"nghttp2/nghttp2.h"}, {"engine/http/http2/"}},
      {{"librdkafka/"}, {"modules/kafka/rdkafka.h"}},
      {{"google/protobuf/"}, {"engine/protobuf/descriptors/", "engine/protobuf/schema.cc"}},
      // Their headers show libprotobuf, which nothing else should have to compile.
      {{"engine/protobuf/descriptors/"}, {"engine/protobuf/"}},
  };
  return kLibraries;
}

// Sessions speak a protocol for a SessionStream, and know nothing of who sends what over them.
const std::vector<std::string_view>& sessions() {
  static const std::vector<std::string_view> kSessions{"engine/http/session", "engine/http/http1_",
                                                       "engine/http/http2"};
  return kSessions;
}

const std::vector<std::string_view>& above_sessions() {
  static const std::vector<std::string_view> kAbove{
      "engine/http/call.", "engine/http/client.", "engine/http/connection.",
      "engine/http/connection_pool.", "engine/http/exchange."};
  return kAbove;
}

constexpr size_t kLongestFile = 400;

bool any_prefix(const std::vector<std::string_view>& prefixes, std::string_view path) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [path](std::string_view prefix) { return path.starts_with(prefix); });
}

const Layer* layer_of(std::string_view path) {
  for (const Layer& layer : layers()) {
    if (path.starts_with(layer.folder)) return &layer;
  }
  return nullptr;
}

// The name inside an `#include` of either form, or "" if the line is none.
std::string_view included(std::string_view line) {
  constexpr std::string_view kDirective = "#include ";
  if (!line.starts_with(kDirective)) return {};
  line.remove_prefix(kDirective.size());
  const size_t end = line.find_first_of("\">", 1);
  return end == std::string_view::npos ? std::string_view{} : line.substr(1, end - 1);
}

bool includes_any(const std::vector<std::string_view>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [name](std::string_view header) {
    return header.ends_with('/') ? name.starts_with(header) : name == header;
  });
}

// What is wrong with this include in this file, or "".
std::string include_fault(std::string_view path, std::string_view name, bool quoted) {
  for (const Library& library : libraries()) {
    if (!includes_any(library.headers, name)) continue;
    if (any_prefix(library.owners, path)) break;
    return fmt::format("only {} may include {}", fmt::join(library.owners, ", "), name);
  }
  if (!quoted) return "";
  const Layer* to = layer_of(name);
  if (to == nullptr) return fmt::format("\"{}\" is not a path from the root of the tree", name);
  if (any_prefix(sessions(), path) && any_prefix(above_sessions(), name)) {
    return fmt::format("a session may not include {}", name);
  }
  const Layer* from = layer_of(path);
  if (name.starts_with(from->folder) || any_prefix(from->may_include, name)) return "";
  return fmt::format("{} may not include {}", from->folder, name);
}

void check_lines(const SourceFile& file, std::vector<std::string>& faults) {
  std::istringstream lines(file.text);
  size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string_view name = included(line);
    if (name.empty()) continue;
    const std::string fault = include_fault(file.path, name, line.find('"') != std::string::npos);
    if (!fault.empty()) faults.push_back(fmt::format("{}:{}: {}", file.path, number, fault));
  }
  if (number > kLongestFile) {
    faults.push_back(fmt::format("{}: {} lines, more than {}", file.path, number, kLongestFile));
  }
}

// Headers whose classes may not have friends: whoever needs a class there uses what all may use.
constexpr std::string_view kWithoutFriends = "engine/http/";

void check_friends(const SourceFile& file, std::vector<std::string>& faults) {
  std::istringstream lines(file.text);
  size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const size_t begin = line.find_first_not_of(' ');
    if (begin == std::string::npos || !line.substr(begin).starts_with("friend ")) continue;
    faults.push_back(
        fmt::format("{}:{}: a class of {} has no friends", file.path, number, kWithoutFriends));
  }
}

void check_header(const SourceFile& file, std::vector<std::string>& faults) {
  if (!file.text.starts_with("// ")) {
    faults.push_back(file.path + ":1: a header opens with a sentence that says what it is for");
  }
  if (file.text.find("\n#pragma once\n") == std::string::npos) {
    faults.push_back(file.path + ": a header has #pragma once");
  }
  if (file.path.starts_with(kWithoutFriends)) check_friends(file, faults);
}

std::vector<std::string> faults_of(const std::vector<SourceFile>& tree) {
  std::vector<std::string> faults;
  for (const SourceFile& file : tree) {
    if (layer_of(file.path) == nullptr) {
      faults.push_back(file.path + ": belongs to no layer");
      continue;
    }
    check_lines(file, faults);
    if (file.path.ends_with(".h")) check_header(file, faults);
  }
  return faults;
}

std::vector<SourceFile> read_tree(const std::filesystem::path& root) {
  constexpr std::array<std::string_view, 5> kFolders{"cli", "engine", "modules", "scripting",
                                                     "target"};
  std::vector<SourceFile> tree;
  for (const std::string_view folder : kFolders) {
    if (!std::filesystem::exists(root / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::filesystem::path& path = entry.path();
      if (path.extension() != ".h" && path.extension() != ".cc" && path.extension() != ".lua")
        continue;
      std::ostringstream text;
      text << std::ifstream(path).rdbuf();
      tree.push_back({path.lexically_relative(root).string(), text.str()});
    }
  }
  return tree;
}

std::string faults_of_file(std::string path, std::string text) {
  return fmt::format("{}", fmt::join(faults_of({{std::move(path), std::move(text)}}), "\n"));
}

TEST_CASE("every file of the tree keeps to its layer") {
  const std::vector<SourceFile> tree = read_tree(".");
  REQUIRE(tree.size() > 20);
  CHECK(fmt::format("{}", fmt::join(faults_of(tree), "\n")) == "");
}

TEST_CASE("a layer may include itself and what lies below it") {
  CHECK(faults_of_file("engine/net/stream.cc",
                       "#include \"engine/net/stream.h\"\n"
                       "#include <uv.h>\n"
                       "#include <vector>\n"
                       "#include \"engine/loop/loop.h\"\n"
                       "#include \"engine/base/clock.h\"\n") == "");
  CHECK(faults_of_file("cli/main.cc", "#include \"scripting/script.h\"\n") == "");
}

TEST_CASE("a layer that includes one above it is named with file and line") {
  CHECK(faults_of_file("engine/loop/loop.cc", "\n#include \"engine/net/stream.h\"\n") ==
        "engine/loop/loop.cc:2: engine/loop/ may not include engine/net/stream.h");
  CHECK(faults_of_file("engine/base/log.cc", "#include \"cli/options.h\"\n") ==
        "engine/base/log.cc:1: engine/base/ may not include cli/options.h");
  CHECK(faults_of_file("scripting/script.cc", "#include \"target/server.h\"\n") ==
        "scripting/script.cc:1: scripting/ may not include target/server.h");
}

TEST_CASE("neighbours do not include each other") {
  CHECK(faults_of_file("engine/metrics/shard.cc", "#include \"engine/http/client.h\"\n") ==
        "engine/metrics/shard.cc:1: engine/metrics/ may not include engine/http/client.h");
  CHECK(faults_of_file("engine/http/client.cc", "#include \"engine/metrics/shard.h\"\n") ==
        "engine/http/client.cc:1: engine/http/ may not include engine/metrics/shard.h");
}

TEST_CASE("the metrics of a protocol stand between the protocol and the metrics") {
  CHECK(faults_of_file("engine/http/http_metrics.cc",
                       "#include \"engine/metrics/shard.h\"\n"
                       "#include \"engine/http/response.h\"\n") == "");
}

TEST_CASE("the header of a wrapped library is included by its wrapper only") {
  CHECK(faults_of_file("scripting/lua_state.cc", "#include <lua.h>\n") == "");
  CHECK(faults_of_file("engine/execution/run.cc", "#include <lua.h>\n") ==
        "engine/execution/run.cc:1: only scripting/, modules/kafka/binding/ may include lua.h");
  CHECK(faults_of_file("engine/http/client.cc", "#include <uv.h>\n") ==
        "engine/http/client.cc:1: only engine/loop/, engine/net/ may include uv.h");
  CHECK(faults_of_file("engine/http/client.cc", "#include \"llhttp.h\"\n") ==
        "engine/http/client.cc:1: only engine/http/http1_parser.cc may include llhttp.h");
  CHECK(faults_of_file("engine/http/http1_parser.cc", "#include <llhttp.h>\n") == "");
}

TEST_CASE("libprotobuf and what shows it stay within the folder that wraps it") {
  CHECK(faults_of_file("engine/protobuf/schema.cc",
                       "#include <google/protobuf/descriptor.h>\n"
                       "#include \"engine/protobuf/descriptors/file_linker.h\"\n") == "");
  CHECK(faults_of_file("engine/protobuf/schema.h",
                       "// It.\n#pragma once\n#include <google/protobuf/descriptor.h>\n") ==
        "engine/protobuf/schema.h:3: only engine/protobuf/descriptors/, engine/protobuf/schema.cc "
        "may include google/protobuf/descriptor.h");
  CHECK(faults_of_file("scripting/script.cc",
                       "#include \"engine/protobuf/descriptors/file_linker.h\"\n") ==
        "scripting/script.cc:1: only engine/protobuf/ may include "
        "engine/protobuf/descriptors/file_linker.h");
}

TEST_CASE("an include is a path from the root") {
  CHECK(faults_of_file("engine/base/log.cc", "#include \"log.h\"\n") ==
        "engine/base/log.cc:1: \"log.h\" is not a path from the root of the tree");
}

TEST_CASE("a header opens with its purpose and is included once") {
  CHECK(faults_of_file("engine/base/log.h", "// The one log.\n#pragma once\n") == "");
  CHECK(faults_of_file("engine/base/log.h", "#include <map>\n") ==
        "engine/base/log.h:1: a header opens with a sentence that says what it is for\n"
        "engine/base/log.h: a header has #pragma once");
}

TEST_CASE("a session knows no exchange, and nothing above it") {
  CHECK(faults_of_file("engine/http/http1_session.cc",
                       "#include \"engine/http/session_stream.h\"\n"
                       "#include \"engine/http/exchange.h\"\n") ==
        "engine/http/http1_session.cc:2: a session may not include engine/http/exchange.h");
  CHECK(faults_of_file("engine/http/http2_session.h",
                       "// It.\n#pragma once\n#include \"engine/http/connection.h\"\n") ==
        "engine/http/http2_session.h:3: a session may not include engine/http/connection.h");
  CHECK(faults_of_file("engine/http/exchange.cc", "#include \"engine/http/connection.h\"\n") == "");
}

TEST_CASE("a class of the HTTP client has no friends") {
  const std::string text = "// A pool.\n#pragma once\nclass Pool {\n  friend class Client;\n};\n";
  CHECK(faults_of_file("engine/http/pool.h", text) ==
        "engine/http/pool.h:4: a class of engine/http/ has no friends");
  CHECK(faults_of_file("engine/http/http2/pool.h", text) ==
        "engine/http/http2/pool.h:4: a class of engine/http/ has no friends");
  CHECK(faults_of_file("engine/loop/pool.h", text) == "");
}

TEST_CASE("a file of more than 400 lines is two files") {
  CHECK(faults_of_file("scripting/prelude/http.lua", std::string(400, '\n')) == "");
  CHECK(faults_of_file("scripting/prelude/http.lua", std::string(401, '\n')) ==
        "scripting/prelude/http.lua: 401 lines, more than 400");
}

TEST_CASE("a folder without a layer is told") {
  CHECK(faults_of_file("engine/misc/x.cc", "") == "engine/misc/x.cc: belongs to no layer");
}

}  // namespace
}  // namespace perigee
