#include "cli/grpc/grpc_request.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/base64.h"
#include "engine/base/config_error.h"
#include "engine/grpc/metadata.h"
#include "scripting/script.h"

namespace perigee {
namespace {

// Fields stay in the order in which they were written.
using Json = nlohmann::ordered_json;

void refuse_template(const JsonReader& flags, const char* key, const std::string& text) {
  if (text.find("{{") == std::string::npos || text.find("}}") == std::string::npos) return;
  if (Json::accept(text)) {
    const bool is_call = text.find("{{.") != std::string::npos;
    if (!is_call) return;
  }
  flags.fail(key,
             "messages have no {{templates}} here; perigee new --from grpc with the same flags "
             "writes a script, in which each call can make its own message");
}

// "parse error at line 1, column 5: ..." without what the parser calls it.
std::string place_of(const nlohmann::json::exception& error) {
  const std::string text = error.what();
  const size_t name = text.find("] ");
  return name == std::string::npos ? text : text.substr(name + 2);
}

void add_message(const JsonReader& flags, const char* key, const Json& message, GrpcLoad& load) {
  if (!message.is_object()) {
    flags.fail(key, fmt::format("a message must be a JSON object like {{\"name\": \"a\"}}, got {}",
                                message.dump()));
  }
  load.messages.push_back(message.dump());
}

// One object, several one after the other, or a list of them, as ghz and grpcurl take them.
void read_messages(const JsonReader& flags, const char* key, const std::string& text,
                   GrpcLoad& load) {
  refuse_template(flags, key, text);
  std::istringstream in(text);
  try {
    while (!(in >> std::ws).eof()) {
      Json value;
      in >> value;
      if (!value.is_array()) {
        add_message(flags, key, value, load);
        continue;
      }
      for (const Json& message : value)
        add_message(flags, key, message, load);
    }
  } catch (const nlohmann::json::exception& error) {
    flags.fail(key, "must be JSON: " + place_of(error));
  }
}

void read_data(const JsonReader& flags, GrpcLoad& load) {
  std::vector<std::string> texts;
  std::string file;
  flags.read("data", texts);
  flags.read("dataFile", file);
  for (const std::string& text : texts) {
    const bool is_input = text == "@" || text == "@-";
    const bool is_file = !is_input && text.starts_with('@');
    const std::string path = is_input ? "/dev/stdin" : text.substr(is_file ? 1 : 0);
    read_messages(flags, "data", is_input || is_file ? read_file(path) : text, load);
  }
  if (!file.empty())
    read_messages(flags, "dataFile", read_file(file == "-" ? "/dev/stdin" : file), load);
}

std::optional<std::string> decode_any_base64(const std::string& text) {
  for (const Base64 spelling :
       {Base64::kStandard, Base64::kRawStandard, Base64::kUrl, Base64::kRawUrl}) {
    if (auto bytes = decode_base64(text, spelling)) return bytes;
  }
  return std::nullopt;
}

// Names are in lower case on the wire; what ends in -bin is written in base64 on command lines.
void add_metadata(const JsonReader& flags, const char* key, std::string name,
                  const std::string& value, GrpcLoad& load) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string sent = value;
  if (grpc::is_binary(name)) {
    const auto bytes = decode_any_base64(value);
    if (!bytes)
      flags.fail(key, fmt::format("the value of {} must be base64, got \"{}\"", name, value));
    sent = *bytes;
  }
  const std::string fault = grpc::metadata_fault(name, sent);
  if (!fault.empty()) flags.fail(key, fault);
  // It goes along with every call, and is there once.
  if (name == "user-agent") {
    load.user_agent = sent;
  } else {
    load.metadata.emplace_back(std::move(name), std::move(sent));
  }
}

// ghz's {"name": "value"}.
void read_json_metadata(const JsonReader& flags, GrpcLoad& load) {
  std::string text;
  flags.read("metadata", text);
  if (text.empty()) return;
  const Json table = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!table.is_object()) {
    flags.fail("metadata", fmt::format("must be JSON like {{\"name\": \"value\"}}, got \"{}\"; for "
                                       "'name: value' write -H",
                                       text));
  }
  for (const auto& [name, value] : table.items()) {
    const std::string plain = value.is_string() ? value.get<std::string>() : value.dump();
    add_metadata(flags, "metadata", name, plain, load);
  }
}

// grpcurl's 'name: value'.
void read_headers(const JsonReader& flags, GrpcLoad& load) {
  std::vector<std::string> lines;
  flags.read("headers", lines);
  for (const std::string& line : lines) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) {
      flags.fail("headers", fmt::format("must look like 'name: value', got \"{}\"", line));
    }
    const size_t value = line.find_first_not_of(" \t", colon + 1);
    add_metadata(flags, "headers", line.substr(0, colon),
                 value == std::string::npos ? "" : line.substr(value), load);
  }
}

}  // namespace

void read_grpc_request(const JsonReader& flags, GrpcLoad& load) {
  read_data(flags, load);
  read_json_metadata(flags, load);
  read_headers(flags, load);
}

}  // namespace perigee
