#include "engine/output/csv_spec.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 6> kTimeFormats{"unix",      "unix_milli", "unix_micro",
                                                       "unix_nano", "rfc3339",    "rfc3339_nano"};

constexpr std::array<std::string_view, 3> kKeys{"fileName", "timeFormat", "saveInterval"};

// `where` is what an error names: "--out csv: timeFormat" or a variable.
TimeFormat parse_time_format(std::string_view text, std::string_view where) {
  for (size_t i = 0; i < kTimeFormats.size(); ++i) {
    if (kTimeFormats[i] == text) return static_cast<TimeFormat>(i);
  }
  throw ConfigError(fmt::format("{} \"{}\" is unknown{}, use one of {}", where, text,
                                did_you_mean(text, kTimeFormats), fmt::join(kTimeFormats, ", ")));
}

void check_interval(std::string_view text, std::string_view where) {
  const auto interval = parse_duration(text);
  if (interval && *interval > Duration::zero()) return;
  throw ConfigError(fmt::format("{} \"{}\" is not a duration like 1s", where, text));
}

void set(CsvSpec& spec, std::string_view key, std::string_view value, std::string_view set_by) {
  const std::string where = fmt::format("{} csv: {}", set_by, key);
  if (key == "fileName") {
    spec.file = value;
    spec.file_set_by = set_by;
  } else if (key == "timeFormat") {
    spec.time_format = parse_time_format(value, where);
  } else if (key == "saveInterval") {
    check_interval(value, where);
  } else {
    throw ConfigError(fmt::format("{} csv: \"{}\" is not known{}, use {}", set_by, key,
                                  did_you_mean(key, kKeys), fmt::join(kKeys, ", ")));
  }
}

CsvSpec read_variables(const Variables& variables, std::string_view where) {
  CsvSpec spec;
  spec.file_set_by = where;
  if (const auto file = variables("CSV_FILENAME")) {
    spec.file = file->value;
    spec.file_set_by = file->name;
  }
  if (const auto format = variables("CSV_TIME_FORMAT")) {
    spec.time_format = parse_time_format(format->value, format->name);
  }
  if (const auto interval = variables("CSV_SAVE_INTERVAL")) {
    check_interval(interval->value, interval->name);
  }
  return spec;
}

}  // namespace

CsvSpec parse_csv_spec(std::string_view text, const Variables& variables, std::string_view where) {
  CsvSpec spec = read_variables(variables, where);
  if (text.empty()) return spec;
  text.remove_prefix(1);
  if (text.find('=') == std::string_view::npos) {
    spec.file = text;
    spec.file_set_by = where;
    return spec;
  }
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find(','));
    const size_t equals = std::min(pair.find('='), pair.size());
    set(spec, pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())), where);
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
  }
  return spec;
}

}  // namespace perigee
