#include "engine/base/json_repairs.h"

#include <cstdint>
#include <iterator>

#include <fmt/format.h>

#include "engine/base/log.h"

namespace perigee {
namespace {

// Enough of a string to know it again, e.g. `caf\xe9`.
std::string spelt_out(std::string_view text) {
  constexpr size_t kShown = 40;
  std::string shown;
  for (const char c : text.substr(0, kShown)) {
    if (c >= ' ' && c <= '~') {
      shown += c;
    } else {
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}", static_cast<uint8_t>(c));
    }
  }
  return text.size() > kShown ? shown + "..." : shown;
}

}  // namespace

void JsonRepairs::add(std::string_view string) {
  if (strings++ == 0) first = spelt_out(string);
}

std::string describe_repairs(const JsonRepairs& repairs, std::string_view where) {
  return fmt::format(
      "{}: the string \"{}\" is not UTF-8, which JSON needs: U+FFFD stands for the bytes that are "
      "not (this is reported once)",
      where, repairs.first);
}

void report_repairs(Log& log, const JsonRepairs& repairs, std::string_view where) {
  if (repairs.strings > 0) {
    log.once(LogLevel::kWarning, kRepairWarning, describe_repairs(repairs, where));
  }
}

}  // namespace perigee
