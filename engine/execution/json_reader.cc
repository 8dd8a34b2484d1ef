#include "engine/execution/json_reader.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/base/json_text.h"
#include "engine/base/suggest.h"

namespace perigee {

namespace {

// Sums of a few durations and an instant must not overflow.
constexpr Duration kLongest = std::chrono::hours(24 * 365 * 10);

}  // namespace

using nlohmann::json;

JsonReader::JsonReader(const json& object, std::string where, ValueNames names)
    : object_(object), where_(std::move(where)), names_(std::move(names)) {
  if (!object.is_object()) {
    throw ConfigError(
        fmt::format("{}: must be a table of named values, got {}", where_, json_text(object)));
  }
}

void JsonReader::allow_only(std::span<const std::string_view> known) const {
  for (const auto& [key, value] : object_.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw ConfigError(
        fmt::format("{}: unknown key \"{}\"{}", where_, key, did_you_mean(key, known)));
  }
}

bool JsonReader::has(const char* key) const {
  const auto found = object_.find(key);
  return found != object_.end() && !found->is_null();
}

const json& JsonReader::at(const char* key) const {
  return object_.at(key);
}

std::string JsonReader::path(const std::string& key) const {
  const auto named = names_.find(key);
  return named == names_.end() ? where_ + "." + key : named->second;
}

void JsonReader::fail(const char* key, const std::string& what) const {
  throw ConfigError(fmt::format("{}: {}", path(key), what));
}

void JsonReader::require(const char* key, const char* why) const {
  if (!has(key)) fail(key, fmt::format("is missing: {}", why));
}

void JsonReader::read(const char* key, int64_t& value, int64_t least) const {
  if (!has(key)) return;
  const json& found = at(key);
  const double number = found.is_number() ? found.get<double>() : NAN;
  if (std::isnan(number) || number != std::floor(number) || std::fabs(number) > 9e15) {
    fail(key, fmt::format("must be a whole number, got {}", json_text(found)));
  }
  if (number < static_cast<double>(least)) {
    fail(key, fmt::format("must be at least {}, got {}", least, json_text(found)));
  }
  value = static_cast<int64_t>(number);
}

void JsonReader::read(const char* key, double& value) const {
  if (!has(key)) return;
  const json& found = at(key);
  if (!found.is_number()) fail(key, fmt::format("must be a number, got {}", json_text(found)));
  value = found.get<double>();
}

void JsonReader::read(const char* key, bool& value) const {
  if (!has(key)) return;
  const json& found = at(key);
  if (!found.is_boolean())
    fail(key, fmt::format("must be true or false, got {}", json_text(found)));
  value = found.get<bool>();
}

void JsonReader::read(const char* key, std::string& value) const {
  if (!has(key)) return;
  const json& found = at(key);
  if (!found.is_string()) fail(key, fmt::format("must be a string, got {}", json_text(found)));
  value = found.get<std::string>();
}

void JsonReader::read(const char* key, Duration& value, Duration least) const {
  if (!has(key)) return;
  const json& found = at(key);
  const auto duration = parse_duration(found.is_string()   ? found.get<std::string>()
                                       : found.is_number() ? json_text(found)
                                                           : std::string());
  if (!duration) {
    fail(key, fmt::format("must be a duration like \"1m30s\" or a number of milliseconds, got {}",
                          json_text(found)));
  }
  if (*duration < least) {
    fail(key, fmt::format("must be at least {}, got {}", format_duration(least), json_text(found)));
  }
  if (*duration > kLongest) fail(key, fmt::format("must be at most {}", format_duration(kLongest)));
  value = *duration;
}

void JsonReader::read_length(const char* key, Duration& value, Duration least) const {
  if (!has(key)) return;
  const json& found = at(key);
  const std::string text = found.is_string() ? found.get<std::string>() : json_text(found);
  const bool is_bare = text.find_first_not_of("0123456789.") == std::string::npos;
  const auto length = is_bare ? parse_duration(text) : std::nullopt;
  if (length && *length > Duration::zero() && *length < std::chrono::seconds(1)) {
    fail(key, fmt::format("{0} would be {0} ms; write \"{0}s\" for seconds or \"{0}ms\"", text));
  }
  read(key, value, least);
}

void JsonReader::read(const char* key, std::map<std::string, std::string>& value) const {
  if (!has(key)) return;
  const json& found = at(key);
  if (found.is_array() && found.empty()) return;
  if (!found.is_object()) {
    fail(key, fmt::format("must be a table of strings, got {}", json_text(found)));
  }
  for (const auto& [name, item] : found.items()) {
    if (item.is_structured()) {
      fail(key, fmt::format("\"{}\" must be a string, got {}", name, json_text(item)));
    }
    value[name] = item.is_string() ? item.get<std::string>() : json_text(item);
  }
}

void JsonReader::read(const char* key, std::vector<std::string>& value) const {
  if (!has(key)) return;
  const json& found = at(key);
  value.clear();
  if (found.is_object() && found.empty()) return;
  if (!found.is_array())
    fail(key, fmt::format("must be a list of strings, got {}", json_text(found)));
  for (const json& item : found) {
    if (!item.is_string()) {
      fail(key, fmt::format("must be a list of strings, but {} is in it", json_text(item)));
    }
    value.push_back(item.get<std::string>());
  }
}

}  // namespace perigee
