// Where the log goes, as --log-output names it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/log_format.h"

namespace perigee {

struct LogTarget {
  enum class Kind { kStderr, kStdout, kNone, kFile };

  Kind kind = Kind::kStderr;
  std::string path{};               // of a file
  std::optional<LogLevel> level{};  // the lowest that is written, if it was named
};

// Reads "stderr", "stdout", "none", or "file=PATH" with ",level=..." behind it. Throws ConfigError
// that names `where`, the place that set it.
LogTarget parse_log_target(std::string_view text, std::string_view where = "--log-output");

// What writes lines there, thread-safe in that a line is one write. A file is made, or appended to,
// at once: throws ConfigError if that can't be done. When the file can't be written any more,
// stderr is told so once, and gets the lines from then on.
std::function<void(std::string_view line)> open_log_target(const LogTarget& target);

}  // namespace perigee
