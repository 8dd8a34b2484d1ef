#include "engine/base/log.h"

#include <utility>

#include <fmt/format.h>

#include "engine/base/json_repairs.h"
#include "engine/base/limits.h"
#include "engine/base/log_target.h"

namespace perigee {
namespace {

Log::Settings complete(Log::Settings settings) {
  if (!settings.sink) settings.sink = open_log_target({});
  return settings;
}

}  // namespace

Log::Log(Settings settings)
    : settings_(complete(std::move(settings))), redactor_(settings_.redactor) {}

Log::Log(LogLevel lowest, Sink sink) : Log(Settings{.lowest = lowest, .sink = std::move(sink)}) {}

void Log::write(LogLevel level, std::string_view message) {
  const std::lock_guard lock(mutex_);
  write_locked(level, message);
}

void Log::console(LogLevel level, std::string_view message) {
  if (level < settings_.lowest) return;
  const std::lock_guard lock(mutex_);
  const std::string shown = redactor_.of_script(message);
  // In a file of its own there is nothing to tell it from.
  if (settings_.console) return write_line(settings_.console, level, shown, {});
  write_line(settings_.sink, level, shown, "console");
}

void Log::write_locked(LogLevel level, std::string_view message) {
  if (level >= settings_.lowest) write_line(settings_.sink, level, redactor_(message), {});
}

std::string Log::redacted(std::string_view text) const {
  const std::lock_guard lock(mutex_);
  return redactor_(text);
}

void Log::hide(const Redactor::Environment& environment) {
  const std::lock_guard lock(mutex_);
  redactor_.learn(environment);
}

void Log::write_line(const Sink& sink, LogLevel level, std::string_view shown,
                     std::string_view source) {
  JsonRepairs repairs;
  const std::string line = format_entry(settings_.format,
                                        {.time = std::chrono::system_clock::now(),
                                         .level = level,
                                         .message = shown,
                                         .source = source},
                                        &repairs);
  // What scripts print to a file of its own goes past the display.
  if (&sink == &settings_.console) {
    sink(line);
  } else {
    deliver(sink, line);
  }
  if (repairs.strings > 0 && is_first(kRepairWarning)) {
    write_locked(LogLevel::kWarning, describe_repairs(repairs, "--log-format json"));
  }
}

bool Log::is_first(std::string_view kind) {
  if (logged_once_.contains(kind) || logged_once_.size() == limits::kLogKindsOnce) return false;
  logged_once_.emplace(kind);
  return true;
}

void Log::once(LogLevel level, std::string_view kind, std::string_view message) {
  const std::lock_guard lock(mutex_);
  if (is_first(kind)) write_locked(level, message);
}

void Log::deliver(const Sink& sink, const std::string& line) {
  if (!surround_) return sink(line);
  surround_([&] { sink(line); });
}

void Log::limited(LogLevel level, std::string_view kind, std::string_view message) {
  const std::lock_guard lock(mutex_);
  auto found = kinds_.find(kind);
  if (found == kinds_.end()) found = kinds_.emplace(kind, MessageLimit()).first;
  const auto [written, due] = found->second.judge(level, message, std::chrono::steady_clock::now());
  report_left_out(found->first, due);
  if (written) write_locked(level, message);
}

void Log::report_left_out(const std::string& kind, const LeftOutMessages& left_out) {
  for (const auto& [level, first_line, count] : left_out.repeated) {
    const std::string times = count == 1 ? "once" : fmt::format("{} times", count);
    write_locked(level, fmt::format("the same {} more: {}", times, first_line));
  }
  if (left_out.others == 0) return;
  write_locked(LogLevel::kWarning, fmt::format("{} more messages of the kind \"{}\" were left out",
                                               left_out.others, kind));
}

void Log::flush() {
  const std::lock_guard lock(mutex_);
  for (auto& [kind, limit] : kinds_)
    report_left_out(kind, limit.take_rest());
}

void Log::surround(Surround surround) {
  const std::lock_guard lock(mutex_);
  surround_ = std::move(surround);
}

}  // namespace perigee
