#include "engine/base/log_format.h"

#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/json_text.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 4> kNames{"debug", "info", "warning", "error"};

// Nothing that could steer a terminal gets through.
void append_escaped(std::string& quoted, char c) {
  if (c == '"' || c == '\\') {
    (quoted += '\\') += c;
  } else if (c == '\n') {
    quoted += "\\n";
  } else if (c == '\r') {
    quoted += "\\r";
  } else if (c == '\t') {
    quoted += "\\t";
  } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
    quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  } else {
    quoted += c;
  }
}

// A value as logfmt writes it: bare when it is one plain word, quoted otherwise.
std::string logfmt(std::string_view text) {
  constexpr std::string_view kBare =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/@^+";
  if (!text.empty() && text.find_first_not_of(kBare) == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text)
    append_escaped(quoted, c);
  return quoted + '"';
}

std::string time_text(const LogEntry& entry) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(entry.time)));
}

// The line is JSON whatever a script prints.
std::string as_json(const LogEntry& entry, JsonRepairs* repairs) {
  nlohmann::json line{
      {"level", to_string(entry.level)}, {"msg", entry.message}, {"time", time_text(entry)}};
  if (!entry.source.empty()) line["source"] = entry.source;
  return json_text(line, -1, repairs) + '\n';
}

std::string as_text(const LogEntry& entry) {
  std::string line = fmt::format("time=\"{}\" level={} msg={}", time_text(entry),
                                 to_string(entry.level), logfmt(entry.message));
  if (!entry.source.empty()) line += fmt::format(" source={}", logfmt(entry.source));
  return line + '\n';
}

}  // namespace

std::string_view to_string(LogLevel level) {
  return kNames[static_cast<size_t>(level)];
}

LogLevel parse_log_level(std::string_view where, std::string_view text) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (text == kNames[i]) return static_cast<LogLevel>(i);
  }
  if (text == "warn") return LogLevel::kWarning;
  throw ConfigError(fmt::format("{}: there is no level \"{}\"{}; there are {}", where, text,
                                did_you_mean(text, kNames), fmt::join(kNames, ", ")));
}

std::string format_entry(LogFormat format, const LogEntry& entry, JsonRepairs* repairs) {
  switch (format) {
    case LogFormat::kText:
      return as_text(entry);
    case LogFormat::kJson:
      return as_json(entry, repairs);
    case LogFormat::kRaw:
      return std::string(entry.message) + '\n';
  }
  return {};
}

}  // namespace perigee
