// The one log of a run: levels, a limit per kind of message, secrets taken out. Nothing else writes
// to stderr.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "engine/base/log_format.h"
#include "engine/base/message_limit.h"
#include "engine/base/redactor.h"

namespace perigee {

// Thread-safe.
class Log {
 public:
  using Sink = std::function<void(std::string_view line)>;
  // Calls `write` at a time that suits it, before it returns.
  using Surround = std::function<void(const std::function<void()>& write)>;

  struct Settings {
    LogLevel lowest = LogLevel::kInfo;  // levels below are not written
    LogFormat format = LogFormat::kText;
    Redactor redactor{};
    Sink sink{};     // without one, stderr
    Sink console{};  // where what scripts print goes; without one, to `sink` as the rest
  };

  explicit Log(Settings settings);
  explicit Log(LogLevel lowest = LogLevel::kInfo, Sink sink = {});

  void debug(std::string_view message) { write(LogLevel::kDebug, message); }
  void info(std::string_view message) { write(LogLevel::kInfo, message); }
  void warning(std::string_view message) { write(LogLevel::kWarning, message); }
  void error(std::string_view message) { write(LogLevel::kError, message); }

  // What a script prints: with `source=console`, and with levels below the lowest left out, too.
  // Words in it are its own business: only values that are known to be secret are taken out.
  void console(LogLevel level, std::string_view message);

  // As `write`, but at most limits::kLogLinesPerKind lines a second of the same `kind`, and equal
  // ones once (`MessageLimit`); what was left out is logged when the second is over, or by `flush`.
  void limited(LogLevel level, std::string_view kind, std::string_view message);

  // As `write`, but only the first message of each `kind`; past limits::kLogKindsOnce kinds
  // nothing.
  void once(LogLevel level, std::string_view kind, std::string_view message);

  void write(LogLevel level, std::string_view message);

  // Tells what the limits have left out so far.
  void flush();

  // Lets somebody be in the way of every line, e.g. a progress display that must make room; null
  // ends that.
  void surround(Surround surround);

  // The text without secrets, for what goes elsewhere than to the log.
  std::string redacted(std::string_view text) const;

  // Keeps what these variables hold in secret out of all that is written from now on.
  void hide(const Redactor::Environment& environment);

 private:
  void write_locked(LogLevel level, std::string_view message);
  // The text is redacted already.
  void write_line(const Sink& sink, LogLevel level, std::string_view shown,
                  std::string_view source);
  bool is_first(std::string_view kind);
  void report_left_out(const std::string& kind, const LeftOutMessages& left_out);
  void deliver(const Sink& sink, const std::string& line);

  const Settings settings_;
  mutable std::mutex mutex_;
  Redactor redactor_;
  Surround surround_;
  std::map<std::string, MessageLimit, std::less<>> kinds_;
  std::set<std::string, std::less<>> logged_once_;
};

}  // namespace perigee
