#include "cli/yaml_document.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr int kDeepest = 64;

[[noreturn]] void fail(const std::string& name, const YAML::Mark& mark, const std::string& what) {
  throw ConfigError(fmt::format("{}: line {}: {}", name, mark.line + 1, what));
}

template <typename Number>
std::optional<Number> parse_number(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

json read_scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  // A quoted one has the tag "!".
  if (node.Tag() != "?" && !node.Tag().empty()) return text;
  constexpr std::array<std::string_view, 3> kTrue{"true", "True", "TRUE"};
  constexpr std::array<std::string_view, 3> kFalse{"false", "False", "FALSE"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return false;
  if (const auto whole = parse_number<int64_t>(text)) return *whole;
  // from_chars also knows inf and nan, which are words here.
  const bool numeric = text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (const auto number = parse_number<double>(text); number && numeric) return *number;
  return text;
}

json convert(const YAML::Node& node, const std::string& name, int depth) {
  if (depth > kDeepest) fail(name, node.Mark(), "is nested too deeply");
  if (node.IsNull()) return nullptr;
  if (node.IsScalar()) return read_scalar(node);
  if (node.IsSequence()) {
    json list = json::array();
    for (const YAML::Node& item : node)
      list.push_back(convert(item, name, depth + 1));
    return list;
  }
  json object = json::object();
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) fail(name, entry.first.Mark(), "a key must be a word");
    const std::string& key = entry.first.Scalar();
    if (object.contains(key)) {
      fail(name, entry.first.Mark(), fmt::format("\"{}\" is there twice", key));
    }
    object[key] = convert(entry.second, name, depth + 1);
  }
  return object;
}

}  // namespace

json parse_yaml(const std::string& text, const std::string& name) {
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() > 1) throw ConfigError(name + ": holds more than one document");
    json value = documents.empty() ? json() : convert(documents.front(), name, 0);
    return value.is_null() ? json::object() : value;
  } catch (const YAML::Exception& error) {
    fail(name, error.mark, error.msg);
  }
}

}  // namespace perigee
