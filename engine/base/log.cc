#include "engine/base/log.h"

#include <array>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "engine/base/limits.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 4> kNames{"debug", "info", "warning", "error"};

void write_stderr(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

// A value as logfmt writes it: bare when it is one plain word, quoted otherwise.
std::string logfmt(std::string_view text) {
  constexpr std::string_view kBare =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/@^+";
  if (!text.empty() && text.find_first_not_of(kBare) == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace

Log::Log(LogLevel lowest, Sink sink)
    : lowest_(lowest), sink_(sink ? std::move(sink) : Sink(write_stderr)) {}

void Log::write(LogLevel level, std::string_view message, std::string_view source) {
  const std::lock_guard lock(mutex_);
  write_locked(level, message, source);
}

void Log::write_locked(LogLevel level, std::string_view message, std::string_view source) {
  if (level < lowest_) return;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  std::string line = fmt::format("time=\"{:%Y-%m-%dT%H:%M:%SZ}\" level={} msg={}",
                                 fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                                 kNames[static_cast<size_t>(level)], logfmt(message));
  if (!source.empty()) line += fmt::format(" source={}", logfmt(source));
  sink_(line + '\n');
}

void Log::limited(LogLevel level, std::string_view kind, std::string_view message) {
  const std::lock_guard lock(mutex_);
  auto found = kinds_.find(kind);
  if (found == kinds_.end()) found = kinds_.emplace(kind, Kind{}).first;
  Kind& state = found->second;
  const Instant now = std::chrono::steady_clock::now();
  if (now - state.window >= std::chrono::seconds(1)) {
    report_left_out(found->first, state);
    state = {.window = now};
  }
  if (state.written == limits::kLogLinesPerKind) {
    ++state.left_out;
    return;
  }
  ++state.written;
  write_locked(level, message, {});
}

void Log::report_left_out(const std::string& kind, Kind& state) {
  if (state.left_out == 0) return;
  write_locked(
      LogLevel::kWarning,
      fmt::format("{} more messages of the kind \"{}\" were left out", state.left_out, kind), {});
  state.left_out = 0;
}

void Log::flush() {
  const std::lock_guard lock(mutex_);
  for (auto& [kind, state] : kinds_)
    report_left_out(kind, state);
}

void Log::redirect(Sink sink) {
  const std::lock_guard lock(mutex_);
  sink_ = std::move(sink);
}

}  // namespace perigee
