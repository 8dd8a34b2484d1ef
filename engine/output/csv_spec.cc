#include "engine/output/csv_spec.h"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 6> kTimeFormats{"unix",      "unix_milli", "unix_micro",
                                                       "unix_nano", "rfc3339",    "rfc3339_nano"};

constexpr std::array<std::string_view, 3> kKeys{"fileName", "timeFormat", "saveInterval"};

CsvTimeFormat parse_time_format(std::string_view text) {
  for (size_t i = 0; i < kTimeFormats.size(); ++i) {
    if (kTimeFormats[i] == text) return static_cast<CsvTimeFormat>(i);
  }
  throw ConfigError(fmt::format("--out csv: timeFormat \"{}\" is unknown{}, use one of {}", text,
                                did_you_mean(text, kTimeFormats), fmt::join(kTimeFormats, ", ")));
}

void set(CsvSpec& spec, std::string_view key, std::string_view value) {
  if (key == "fileName") {
    spec.file = value;
  } else if (key == "timeFormat") {
    spec.time_format = parse_time_format(value);
  } else if (key != "saveInterval") {
    throw ConfigError(fmt::format("--out csv: \"{}\" is not known{}, use {}", key,
                                  did_you_mean(key, kKeys), fmt::join(kKeys, ", ")));
  } else if (!parse_duration(value)) {
    throw ConfigError(fmt::format("--out csv: saveInterval \"{}\" is not a duration", value));
  }
}

}  // namespace

CsvSpec parse_csv_spec(std::string_view text) {
  constexpr std::string_view kType = "csv";
  CsvSpec spec;
  text.remove_prefix(text.starts_with(kType) ? kType.size() : 0);
  if (text.empty()) return spec;
  if (text.front() == '=') text.remove_prefix(1);
  if (text.find('=') == std::string_view::npos) {
    spec.file = text;
    return spec;
  }
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find(','));
    const size_t equals = std::min(pair.find('='), pair.size());
    set(spec, pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
  }
  return spec;
}

}  // namespace perigee
