// The forms a line of the log may have: k6's.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "engine/base/json_repairs.h"

namespace perigee {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kText, kJson, kRaw };

// "debug", "info", "warning", "error".
std::string_view to_string(LogLevel level);
// Throws ConfigError for another word, naming `where` it stands.
LogLevel parse_log_level(std::string_view where, std::string_view text);

struct LogEntry {
  std::chrono::system_clock::time_point time{};
  LogLevel level = LogLevel::kInfo;
  std::string_view message;
  std::string_view source;  // "console" for what scripts print; empty for the program's own
};

// One line with its end:
//   text  time="2026-01-31T12:00:00Z" level=info msg="..." source=console
//   json  {"level":"info","msg":"...","source":"console","time":"2026-01-31T12:00:00Z"}
//   raw   the message alone
// `repairs` hears of what JSON can't hold as it is; it may be null.
std::string format_entry(LogFormat format, const LogEntry& entry, JsonRepairs* repairs = nullptr);

}  // namespace perigee
