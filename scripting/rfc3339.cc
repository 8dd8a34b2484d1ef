#include "scripting/rfc3339.h"

#include <cmath>
#include <ctime>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace perigee {
namespace {

// Reads a text from its front; after a mistake it stays wrong.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool takes(std::string_view any) {
    const bool is_there = !rest_.empty() && any.find(rest_.front()) != std::string_view::npos;
    if (is_there) rest_.remove_prefix(1);
    return is_there;
  }
  void expect(char c) { ok_ = takes({&c, 1}) && ok_; }

  // A number of just so many digits within the bounds.
  int number(size_t digits, int least, int most) {
    int value = 0;
    for (size_t i = 0; i < digits; ++i)
      value = 10 * value + digit();
    ok_ = ok_ && value >= least && value <= most;
    return value;
  }
  // What follows the point of a number of seconds, in milliseconds.
  double fraction() {
    double value = 0;
    double scale = 1;
    do {
      const int next = digit();
      if (scale >= kFinest) continue;
      value = 10 * value + next;
      scale *= 10;
    } while (has_digit());
    return value * 1000 / scale;
  }

  bool at_end() const { return rest_.empty(); }
  bool ok() const { return ok_; }

 private:
  static constexpr double kFinest = 1e12;  // parts of a second that are told apart

  bool has_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  int digit() {
    ok_ = ok_ && has_digit();
    if (!has_digit()) return 0;
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};

bool read_date(Reader& reader, std::tm& date) {
  date.tm_year = reader.number(4, 0, 9999) - 1900;
  reader.expect('-');
  date.tm_mon = reader.number(2, 1, 12) - 1;
  reader.expect('-');
  date.tm_mday = reader.number(2, 1, 31);
  // The 31st of a month that has none becomes a day of the next.
  std::tm normal = date;
  timegm(&normal);
  return normal.tm_mday == date.tm_mday;
}

// Returns the seconds' fraction in milliseconds.
double read_time(Reader& reader, std::tm& date) {
  date.tm_hour = reader.number(2, 0, 23);
  reader.expect(':');
  date.tm_min = reader.number(2, 0, 59);
  reader.expect(':');
  date.tm_sec = reader.number(2, 0, 60);
  return reader.takes(".,") ? reader.fraction() : 0;
}

// The seconds that the zone is ahead of UTC.
int read_zone(Reader& reader) {
  if (reader.at_end() || reader.takes("Zz")) return 0;
  const bool behind = reader.takes("-");
  if (!behind) reader.expect('+');
  const int hours = reader.number(2, 0, 23);
  reader.expect(':');
  const int seconds = 3600 * hours + 60 * reader.number(2, 0, 59);
  return behind ? -seconds : seconds;
}

}  // namespace

std::string format_rfc3339(double ms) {
  const double whole = std::floor(ms);
  const double seconds = std::floor(whole / 1000);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(seconds)),
                     static_cast<int>(whole - seconds * 1000));
}

std::optional<double> parse_rfc3339(const std::string& text) {
  Reader reader(text);
  std::tm date{};
  if (!read_date(reader, date)) return std::nullopt;
  double fraction = 0;
  int ahead = 0;
  if (!reader.at_end()) {
    if (!reader.takes("Tt ")) return std::nullopt;
    fraction = read_time(reader, date);
    ahead = read_zone(reader);
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return static_cast<double>(timegm(&date) - ahead) * 1000 + fraction;
}

}  // namespace perigee
