#include "engine/output/time_text.h"

#include <array>
#include <cstdint>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace perigee {
namespace {

// Appends a number with zeros in front up to `digits`.
void append_digits(std::string& row, int64_t number, size_t digits) {
  std::array<char, 9> text{};
  for (size_t i = digits; i > 0; --i, number /= 10)
    text[i - 1] = static_cast<char>('0' + number % 10);
  row.append(text.data(), digits);
}

// A fraction of a second with its point, without zeros at its end; nothing for a whole second.
void append_fraction(std::string& row, int64_t nanoseconds) {
  if (nanoseconds == 0) return;
  row += '.';
  append_digits(row, nanoseconds, 9);
  while (row.back() == '0')
    row.pop_back();
}

}  // namespace

void TimeText::append(std::string& row, WallTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  if (second != second_) spell_second(second);
  row += second_text_;
  const int64_t nanoseconds = std::chrono::duration_cast<Duration>(time - second).count();
  switch (format_) {
    case TimeFormat::kUnix:
      return;
    case TimeFormat::kUnixMilli:
      return append_digits(row, nanoseconds / 1'000'000, 3);
    case TimeFormat::kUnixMicro:
      return append_digits(row, nanoseconds / 1'000, 6);
    case TimeFormat::kUnixNano:
      return append_digits(row, nanoseconds, 9);
    case TimeFormat::kRfc3339Nano:
      append_fraction(row, nanoseconds);
      break;
    case TimeFormat::kRfc3339:
      break;
  }
  row += 'Z';
}

void TimeText::spell_second(std::chrono::sys_seconds second) {
  second_ = second;
  const bool is_date = format_ == TimeFormat::kRfc3339 || format_ == TimeFormat::kRfc3339Nano;
  const std::time_t count = std::chrono::system_clock::to_time_t(second);
  second_text_ =
      is_date ? fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(count)) : fmt::format("{}", count);
}

}  // namespace perigee
