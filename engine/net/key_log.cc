#include "engine/net/key_log.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "engine/base/config_error.h"

namespace perigee {

KeyLog::KeyLog(const std::string& path)
    : fd_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  if (fd_ >= 0) return;
  throw ConfigError(fmt::format("SSLKEYLOGFILE: can't write {}: {}", path,
                                std::generic_category().message(errno)));
}

KeyLog::~KeyLog() {
  close(fd_);
}

void KeyLog::write(std::string_view line) const {
  // One call for a line: appends of several threads don't mix.
  const std::string whole = fmt::format("{}\n", line);
  [[maybe_unused]] const ssize_t written = ::write(fd_, whole.data(), whole.size());
}

}  // namespace perigee
