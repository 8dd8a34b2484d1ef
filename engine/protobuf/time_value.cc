#include "engine/protobuf/time_value.h"

#include <charconv>
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

namespace perigee::protobuf {
namespace {

constexpr int64_t kMinTimestamp = -62135596800;  // the first second of the year 1
constexpr int64_t kMaxTimestamp = 253402300799;  // the last of the year 9999
constexpr int64_t kMaxDuration = 315576000000;
constexpr int32_t kNanos = 1'000'000'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes parts of a text off its front; after one that does not fit, all fail.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}

  // A number of exactly so many digits.
  int digits(size_t count) {
    int value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (text_.empty() || !is_digit(text_.front())) return fail(), 0;
      value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    return value;
  }
  void expect(char c) {
    if (!accept(c)) fail();
  }
  bool accept(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // A number of any digits, at least one.
  int64_t number() {
    int64_t value = 0;
    if (text_.empty() || !is_digit(text_.front())) return fail(), 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc{}) return fail(), 0;
    text_.remove_prefix(static_cast<size_t>(end - text_.data()));
    return value;
  }
  // ".5" in nanoseconds; zero where there is no point.
  int32_t fraction() {
    if (!accept('.')) return 0;
    int32_t nanos = 0;
    int digits = 0;
    for (; digits < 9 && !text_.empty() && is_digit(text_.front()); ++digits) {
      nanos = nanos * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    if (digits == 0) fail();
    for (; digits < 9; ++digits)
      nanos *= 10;
    return nanos;
  }
  void fail() { failed_ = true; }
  bool complete() const { return !failed_ && text_.empty(); }

 private:
  std::string_view text_;
  bool failed_ = false;
};

// The seconds that a local time is ahead of UTC: "Z", "+01:00".
int64_t read_offset(TextReader& reader) {
  if (reader.accept('Z')) return 0;
  const bool behind = reader.accept('-');
  if (!behind) reader.expect('+');
  const int hours = reader.digits(2);
  reader.expect(':');
  const int minutes = reader.digits(2);
  if (hours > 23 || minutes > 59) reader.fail();
  const int64_t seconds = hours * 3600 + minutes * 60;
  return behind ? -seconds : seconds;
}

int64_t read_date(TextReader& reader) {
  const int year = reader.digits(4);
  reader.expect('-');
  const auto month = static_cast<unsigned>(reader.digits(2));
  reader.expect('-');
  const auto day = static_cast<unsigned>(reader.digits(2));
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) reader.fail();
  return std::chrono::sys_days(date).time_since_epoch().count() * int64_t{86400};
}

int64_t read_clock(TextReader& reader) {
  const int hours = reader.digits(2);
  reader.expect(':');
  const int minutes = reader.digits(2);
  reader.expect(':');
  const int seconds = reader.digits(2);
  if (hours > 23 || minutes > 59 || seconds > 59) reader.fail();
  return hours * 3600 + minutes * 60 + seconds;
}

// ".5", with as few groups of three digits as hold it.
std::string fraction_text(int32_t nanos) {
  if (nanos == 0) return "";
  if (nanos % 1'000'000 == 0) return fmt::format(".{:03}", nanos / 1'000'000);
  if (nanos % 1000 == 0) return fmt::format(".{:06}", nanos / 1000);
  return fmt::format(".{:09}", nanos);
}

}  // namespace

std::optional<TimeValue> parse_timestamp(std::string_view text) {
  TextReader reader(text);
  TimeValue value;
  value.seconds = read_date(reader);
  reader.expect('T');
  value.seconds += read_clock(reader);
  value.nanos = reader.fraction();
  value.seconds -= read_offset(reader);
  if (!reader.complete() || value.seconds < kMinTimestamp || value.seconds > kMaxTimestamp) {
    return std::nullopt;
  }
  return value;
}

std::optional<TimeValue> parse_duration(std::string_view text) {
  TextReader reader(text);
  const int sign = reader.accept('-') ? -1 : 1;
  TimeValue value;
  value.seconds = sign * reader.number();
  value.nanos = sign * reader.fraction();
  reader.expect('s');
  if (!reader.complete() || !duration_text(value)) return std::nullopt;
  return value;
}

std::optional<std::string> timestamp_text(TimeValue value) {
  if (value.seconds < kMinTimestamp || value.seconds > kMaxTimestamp || value.nanos < 0 ||
      value.nanos >= kNanos) {
    return std::nullopt;
  }
  const std::chrono::sys_seconds time{std::chrono::seconds(value.seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     fraction_text(value.nanos));
}

std::optional<std::string> duration_text(TimeValue value) {
  if (value.seconds < -kMaxDuration || value.seconds > kMaxDuration || value.nanos <= -kNanos ||
      value.nanos >= kNanos || (value.seconds > 0 && value.nanos < 0) ||
      (value.seconds < 0 && value.nanos > 0)) {
    return std::nullopt;
  }
  const bool negative = value.seconds < 0 || value.nanos < 0;
  return fmt::format("{}{}{}s", negative ? "-" : "", std::abs(value.seconds),
                     fraction_text(std::abs(value.nanos)));
}

}  // namespace perigee::protobuf
