#include "engine/output/csv_row.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <iterator>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace perigee {
namespace {

constexpr std::array<std::string_view, 14> kTagColumns{
    "check",       "error", "error_code", "expected_response", "group",  "method",
    "name",        "proto", "scenario",   "service",           "status", "subproto",
    "tls_version", "url"};

bool has_column(std::string_view key) {
  return std::find(kTagColumns.begin(), kTagColumns.end(), key) != kTagColumns.end();
}

std::string extra_tags(const TagSet& tags) {
  std::string text;
  for (const auto& [key, value] : tags) {
    if (has_column(key)) continue;
    if (!text.empty()) text += '&';
    text += key;
    text += '=';
    text += value;
  }
  return text;
}

// The fraction of a second without zeros at its end, with its point; "" for a whole second.
std::string fraction_of(WallTime time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const int64_t nanoseconds = std::chrono::duration_cast<Duration>(time - whole).count();
  if (nanoseconds == 0) return "";
  std::string text = fmt::format(".{:09}", nanoseconds);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string calendar(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

template <typename Unit>
void append_count(std::string& row, WallTime time) {
  const auto count = std::chrono::floor<Unit>(time).time_since_epoch().count();
  fmt::format_to(std::back_inserter(row), "{}", count);
}

}  // namespace

std::string csv_header() {
  return fmt::format("metric_name,timestamp,metric_value,{},extra_tags,metadata\n",
                     fmt::join(kTagColumns, ","));
}

std::string csv_tags(const TagSet& tags) {
  std::string text;
  for (std::string_view column : kTagColumns) {
    const std::string* value = tags.find(column);
    text += ',';
    if (value != nullptr) text += csv_field(*value);
  }
  return text + ',' + csv_field(extra_tags(tags)) + ",\n";
}

std::string csv_field(std::string_view text) {
  const bool plain = text.find_first_of(",\"\r\n") == std::string_view::npos &&
                     !text.starts_with(' ') && !text.starts_with('\t') && text != "\\.";
  if (plain) return std::string(text);
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void append_value(std::string& row, double value) {
  // Most values are whole: counts, rates and the zeros of phases that did not happen.
  constexpr double kExact = 1e15;
  const bool whole = std::abs(value) < kExact && std::trunc(value) == value;
  if (whole && !(value == 0 && std::signbit(value))) {
    row += fmt::format_int(static_cast<int64_t>(value)).c_str();
    row += ".000000";
  } else {
    fmt::format_to(std::back_inserter(row), "{:.6f}", value);
  }
}

void append_time(std::string& row, WallTime time, CsvTimeFormat format) {
  switch (format) {
    case CsvTimeFormat::kUnix:
      return append_count<std::chrono::seconds>(row, time);
    case CsvTimeFormat::kUnixMilli:
      return append_count<std::chrono::milliseconds>(row, time);
    case CsvTimeFormat::kUnixMicro:
      return append_count<std::chrono::microseconds>(row, time);
    case CsvTimeFormat::kUnixNano:
      return append_count<std::chrono::nanoseconds>(row, time);
    case CsvTimeFormat::kRfc3339:
      row += calendar(time) + 'Z';
      return;
    case CsvTimeFormat::kRfc3339Nano:
      row += calendar(time) + fraction_of(time) + 'Z';
      return;
  }
}

}  // namespace perigee
