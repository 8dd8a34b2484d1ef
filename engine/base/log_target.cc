#include "engine/base/log_target.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

[[noreturn]] void refuse(std::string_view text, std::string_view where) {
  constexpr std::array<std::string_view, 1> kRefused{"loki"};
  constexpr std::array<std::string_view, 4> kKnown{"stderr", "stdout", "none", "file"};
  if (text == "loki" || text.substr(0, 5) == "loki=") {
    throw ConfigError(fmt::format(
        "{}: this version does not send logs to Loki; write file=PATH and let an agent such as "
        "Promtail or Alloy send it",
        where));
  }
  throw ConfigError(
      fmt::format("{}: there is no \"{}\"{}; there are stderr, stdout, none and "
                  "file=PATH[,level=LEVEL]",
                  where, text, did_you_mean(text, kKnown, kRefused)));
}

LogTarget parse_file(std::string_view text, std::string_view where) {
  LogTarget target{.kind = LogTarget::Kind::kFile};
  const size_t comma = text.find(',');
  target.path = text.substr(0, comma);
  if (target.path.empty()) throw ConfigError(fmt::format("{}: file= lacks a path", where));
  if (comma == std::string_view::npos) return target;
  const std::string_view rest = text.substr(comma + 1);
  constexpr std::string_view kLevel = "level=";
  if (rest.substr(0, kLevel.size()) != kLevel) {
    throw ConfigError(
        fmt::format("{}: after the path there may be level=LEVEL, got \"{}\"", where, rest));
  }
  target.level = parse_log_level(where, rest.substr(kLevel.size()));
  return target;
}

using File = std::shared_ptr<std::FILE>;

File open_file(const std::string& path) {
  const File file(std::fopen(path.c_str(), "ae"), [](std::FILE* opened) {
    if (opened != nullptr) std::fclose(opened);
  });
  if (file == nullptr) {
    throw ConfigError(fmt::format("can't open {} for writing: {}", path, std::strerror(errno)));
  }
  return file;
}

bool write(std::FILE* file, std::string_view line) {
  return std::fwrite(line.data(), 1, line.size(), file) == line.size() && std::fflush(file) == 0;
}

}  // namespace

LogTarget parse_log_target(std::string_view text, std::string_view where) {
  using Kind = LogTarget::Kind;
  if (text == "stderr") return {.kind = Kind::kStderr};
  if (text == "stdout") return {.kind = Kind::kStdout};
  if (text == "none") return {.kind = Kind::kNone};
  if (text.substr(0, 5) == "file=") return parse_file(text.substr(5), where);
  refuse(text, where);
}

std::function<void(std::string_view line)> open_log_target(const LogTarget& target) {
  switch (target.kind) {
    case LogTarget::Kind::kStdout:
      return [](std::string_view line) { write(stdout, line); };
    case LogTarget::Kind::kNone:
      return [](std::string_view) {};
    case LogTarget::Kind::kFile:
      return [file = open_file(target.path), path = target.path](std::string_view line) mutable {
        if (file && write(file.get(), line)) return;
        if (file) {
          write(stderr, fmt::format("can't write the log {}: {}\n", path, std::strerror(errno)));
          file.reset();
        }
        write(stderr, line);
      };
    case LogTarget::Kind::kStderr:
      break;
  }
  return [](std::string_view line) { write(stderr, line); };
}

}  // namespace perigee
