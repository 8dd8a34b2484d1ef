#include "cli/config_file.h"

#include <array>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/json_parse.h"
#include "scripting/script.h"
#include "scripting/yaml_document.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 3> kDefaultNames{"perigee.yaml", "perigee.yml", "perigee.json"};

// The parser itself would keep the last of two keys and say nothing.
json parse_json(const std::string& text, const std::string& path) {
  std::vector<std::set<std::string>> open;
  const auto check = [&](int /*depth*/, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key && !open.back().insert(parsed).second) {
      throw ConfigError(fmt::format("{}: \"{}\" is there twice", path, parsed.get<std::string>()));
    }
    return true;
  };
  const JsonSource source(text);
  try {
    json parsed = json::parse(source.text(), check);
    source.check_end();
    return parsed;
  } catch (const json::parse_error& error) {
    throw ConfigError(fmt::format("{}: {}", path, source.error(error.byte, error.what()).what()));
  } catch (const JsonError& error) {
    throw ConfigError(fmt::format("{}: {}", path, error.what()));
  }
}

json parse_yaml_file(const std::string& text, const std::string& path) {
  try {
    const auto documents = parse_yaml(text);
    if (documents.size() > 1) throw std::runtime_error("holds more than one document");
    const json value = documents.empty() ? json() : json(documents.front());
    return value.is_null() ? json::object() : value;
  } catch (const std::runtime_error& error) {
    throw ConfigError(fmt::format("{}: {}", path, error.what()));
  }
}

std::string default_file() {
  std::vector<std::string> found;
  for (const char* name : kDefaultNames) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(name, ignored)) found.emplace_back(name);
  }
  if (found.size() > 1) {
    throw ConfigError(
        fmt::format("{} are both in this folder; keep one of them, or name it with "
                    "--config",
                    fmt::join(found, " and ")));
  }
  return found.empty() ? "" : found.front();
}

}  // namespace

OptionLayer read_config_file(const std::string& named) {
  const std::string path = named.empty() ? default_file() : named;
  if (path.empty()) return {};
  const std::string text = read_file(path);
  const bool is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
  json values = is_yaml ? parse_yaml_file(text, path) : parse_json(text, path);
  return named_layer(std::move(values), path, path + ": ");
}

}  // namespace perigee
