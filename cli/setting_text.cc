#include "cli/setting_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  throw ConfigError(fmt::format("{}: {}", name, what));
}

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// The parts between commas; an empty text has none.
std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t from = 0; from < text.size();) {
    const size_t comma = std::min(text.find(',', from), text.size());
    parts.push_back(trimmed(text.substr(from, comma - from)));
    from = comma + 1;
  }
  return parts;
}

json read_switch(const std::string& text, const std::string& name) {
  constexpr std::array<std::string_view, 6> kTrue{"true", "True", "TRUE", "t", "T", "1"};
  constexpr std::array<std::string_view, 6> kFalse{"false", "False", "FALSE", "f", "F", "0"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return false;
  fail(name, fmt::format("must be true or false, got \"{}\"", text));
}

json read_whole(const std::string& text, const std::string& name) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    fail(name, fmt::format("must be a whole number, got \"{}\"", text));
  }
  return value;
}

json read_stages(const std::string& text, const std::string& name) {
  json stages = json::array();
  for (const std::string& part : split_list(text)) {
    const size_t colon = part.find(':');
    if (colon == std::string::npos || colon == 0) {
      fail(name, fmt::format("must look like 30s:10,1m:20, got \"{}\"", part));
    }
    stages.push_back({{"duration", part.substr(0, colon)},
                      {"target", read_whole(trimmed(part.substr(colon + 1)), name)}});
  }
  return stages;
}

// name=value or name:value, as `between` says.
json read_pairs(const std::string& text, char between, const std::string& name) {
  json pairs = json::object();
  for (const std::string& part : split_list(text)) {
    const size_t at = part.find(between);
    if (at == std::string::npos || at == 0) {
      fail(name,
           fmt::format("must look like name{0}value,name{0}value, got \"{1}\"", between, part));
    }
    pairs[part.substr(0, at)] = part.substr(at + 1);
  }
  return pairs;
}

json read_json(const std::string& text, const std::string& name) {
  json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) fail(name, fmt::format("must be JSON, got \"{}\"", text));
  return value;
}

}  // namespace

json value_of_variable(const Setting& setting, const std::string& text, const std::string& name) {
  switch (setting.kind) {
    case SettingKind::kSwitch:
      return read_switch(text, name);
    case SettingKind::kWhole:
      return read_whole(text, name);
    case SettingKind::kText:
    case SettingKind::kChoice:
      return text;
    case SettingKind::kList:
    case SettingKind::kTexts:
      return split_list(text);
    case SettingKind::kPairs:
      return read_pairs(text, ':', name);
    case SettingKind::kStages:
      return read_stages(text, name);
    case SettingKind::kFields:
      return read_pairs(text, '=', name);
    case SettingKind::kJson:
      return read_json(text, name);
  }
  return nullptr;
}

json value_of_flag(const Setting& setting, std::span<const std::string> texts) {
  if (setting.kind == SettingKind::kTexts) return std::vector(texts.begin(), texts.end());
  const std::string name(long_flag(setting));
  json value;
  for (const std::string& text : texts) {
    if (setting.kind == SettingKind::kPairs) {
      const auto [pair, text_of_pair] = split_pair(name, text);
      value[pair] = text_of_pair;
      continue;
    }
    const json one = value_of_variable(setting, text, name);
    if (one.is_array() && value.is_array()) {
      value.insert(value.end(), one.begin(), one.end());
    } else {
      value = one;
    }
  }
  return value;
}

std::pair<std::string, std::string> split_pair(std::string_view flag, const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw ConfigError(fmt::format("{}: must look like NAME=VALUE, got \"{}\"", flag, text));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace perigee
