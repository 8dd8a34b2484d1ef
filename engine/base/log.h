// The one log of a run: levels, k6's text format, a limit per kind of message. Nothing else writes
// to stderr.
#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "engine/base/clock.h"

namespace perigee {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Thread-safe. Lines look like `time="..." level=error msg="..." source=...`.
class Log {
 public:
  using Sink = std::function<void(std::string_view line)>;

  // Writes to `sink`, or to stderr without one. Levels below `lowest` are not written.
  explicit Log(LogLevel lowest = LogLevel::kInfo, Sink sink = {});

  void debug(std::string_view message) { write(LogLevel::kDebug, message); }
  void info(std::string_view message, std::string_view source = {}) {
    write(LogLevel::kInfo, message, source);
  }
  void warning(std::string_view message) { write(LogLevel::kWarning, message); }
  void error(std::string_view message) { write(LogLevel::kError, message); }

  // As `write`, but at most limits::kLogLinesPerKind lines a second of the same `kind`; how many
  // were left out is told when the second is over, or by `flush`.
  void limited(LogLevel level, std::string_view kind, std::string_view message);

  void write(LogLevel level, std::string_view message, std::string_view source = {});

  // Tells what the limits have left out so far.
  void flush();

  // Replaces the sink, e.g. by one that knows how to write around a progress display.
  void redirect(Sink sink);

 private:
  struct Kind {
    Instant window{};
    size_t written = 0;
    size_t left_out = 0;
  };

  void write_locked(LogLevel level, std::string_view message, std::string_view source);
  void report_left_out(const std::string& kind, Kind& state);

  LogLevel lowest_;
  Sink sink_;
  std::mutex mutex_;
  std::map<std::string, Kind, std::less<>> kinds_;
};

}  // namespace perigee
