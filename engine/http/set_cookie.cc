#include "engine/http/set_cookie.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "engine/http/header_fields.h"

namespace perigee::http {
namespace {

std::pair<std::string_view, std::string_view> split(std::string_view text, char at) {
  const size_t found = text.find(at);
  if (found == std::string_view::npos) return {trim(text), {}};
  return {trim(text.substr(0, found)), trim(text.substr(found + 1))};
}

std::optional<int> read_number(std::string_view text) {
  int number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Seconds beyond what a number holds mean "for ever" or "long ago" all the same.
std::optional<int64_t> read_max_age(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  int64_t seconds = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  constexpr int64_t kCentury = 100LL * 366 * 24 * 3600;
  if (digits.size() > 10) seconds = kCentury;
  return negative ? 0 : std::min(seconds, kCentury);
}

void set_attribute(SetCookie& cookie, std::string_view name, std::string_view value) {
  if (same_ignoring_case(name, "domain")) {
    cookie.domain = value;
  } else if (same_ignoring_case(name, "path")) {
    cookie.path = value;
  } else if (same_ignoring_case(name, "secure")) {
    cookie.secure = true;
  } else if (same_ignoring_case(name, "httponly")) {
    cookie.http_only = true;
  } else if (same_ignoring_case(name, "max-age")) {
    if (const auto seconds = read_max_age(value)) cookie.max_age = seconds;
  } else if (same_ignoring_case(name, "expires")) {
    if (const auto time = parse_cookie_date(value)) cookie.expires = time;
  }
}

// The parts of a date as they turn up.
struct Date {
  std::optional<int> day, month, year;
  std::optional<std::chrono::seconds> time;
};

std::optional<std::chrono::seconds> read_time(std::string_view token) {
  const auto [hour_text, rest] = split(token, ':');
  const auto [minute_text, second_text] = split(rest, ':');
  const auto hour = read_number(hour_text);
  const auto minute = read_number(minute_text);
  const auto second = read_number(second_text);
  if (!hour || !minute || !second) return std::nullopt;
  if (*hour < 0 || *hour > 23 || *minute < 0 || *minute > 59 || *second < 0 || *second > 59) {
    return std::nullopt;
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

std::optional<int> read_month(std::string_view token) {
  constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
  for (size_t i = 0; i < kMonths.size(); ++i) {
    if (same_ignoring_case(token.substr(0, 3), kMonths[i])) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

void read_token(Date& date, std::string_view token) {
  const auto number = read_number(token);
  const auto time = read_time(token);
  const auto month = number ? std::nullopt : read_month(token);
  if (!date.time && time) {
    date.time = time;
  } else if (!date.day && number && token.size() <= 2) {
    date.day = number;
  } else if (!date.month && month) {
    date.month = month;
  } else if (!date.year && number && (token.size() == 2 || token.size() == 4)) {
    // Years of two digits mean 1970 to 2069.
    const int century = token.size() == 4 ? 0 : (*number < 70 ? 2000 : 1900);
    date.year = *number + century;
  }
}

}  // namespace

std::optional<WallTime> parse_cookie_date(std::string_view text) {
  constexpr std::string_view kDelimiters = " \t,-";
  Date date;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(kDelimiters), text.size());
    if (end > 0) read_token(date, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!date.day || !date.month || !date.year || !date.time) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(*date.year),
                                        std::chrono::month(static_cast<unsigned>(*date.month)),
                                        std::chrono::day(static_cast<unsigned>(*date.day))};
  // Nanoseconds since 1970 reach from 1678 to 2261.
  if (!day.ok() || *date.year < 1678) return std::nullopt;
  if (*date.year > 2261) return WallTime::max();
  return WallTime(std::chrono::sys_days(day)) + *date.time;
}

std::optional<SetCookie> parse_set_cookie(std::string_view text) {
  const size_t pair_end = std::min(text.find(';'), text.size());
  const std::string_view pair = text.substr(0, pair_end);
  if (pair.find('=') == std::string_view::npos) return std::nullopt;
  auto [name, value] = split(pair, '=');
  if (name.empty()) return std::nullopt;
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  SetCookie cookie;
  cookie.name = name;
  cookie.value = value;
  text.remove_prefix(pair_end);
  while (!text.empty()) {
    text.remove_prefix(1);
    const size_t end = std::min(text.find(';'), text.size());
    const auto [attribute, setting] = split(text.substr(0, end), '=');
    set_attribute(cookie, attribute, setting);
    text.remove_prefix(end);
  }
  return cookie;
}

std::vector<SetCookie> read_set_cookies(std::string_view fields) {
  std::vector<SetCookie> cookies;
  HeaderFields lines(fields);
  while (const auto value = lines.next("set-cookie")) {
    if (auto cookie = parse_set_cookie(*value)) cookies.push_back(std::move(*cookie));
  }
  return cookies;
}

}  // namespace perigee::http
