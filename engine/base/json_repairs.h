// What JSON could not hold as it was.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace perigee {

class Log;

// Strings with bytes that are not UTF-8, for which U+FFFD was written.
struct JsonRepairs {
  size_t strings = 0;
  std::string first;  // the beginning of the first of them, with its bytes spelt out

  void add(std::string_view string);
};

// Warns of them, in all once for each log; `where` says what was written: "--summary-export".
void report_repairs(Log& log, const JsonRepairs& repairs, std::string_view where);

// The text of that warning.
std::string describe_repairs(const JsonRepairs& repairs, std::string_view where);
// What the warning is counted as for Log::once.
inline constexpr std::string_view kRepairWarning = "not UTF-8";

}  // namespace perigee
