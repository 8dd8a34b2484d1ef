#include "engine/http/file_body.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/config_error.h"
#include "engine/base/limits.h"

namespace perigee::http {

BodyFile::BodyFile(const std::filesystem::path& path)
    : path_(path.string()), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (fd_ < 0) throw ConfigError(fmt::format("can't open {}: {}", path_, std::strerror(errno)));
  struct stat status {};
  if (::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(fd_);
    throw ConfigError(fmt::format("{} is not a regular file, whose length is known", path_));
  }
  size_ = static_cast<uint64_t>(status.st_size);
}

BodyFile::~BodyFile() {
  ::close(fd_);
}

int64_t BodyFile::read(char* into, size_t room, uint64_t offset) const {
  for (;;) {
    const ssize_t count = ::pread(fd_, into, room, static_cast<off_t>(offset));
    if (count >= 0) return count;
    if (errno != EINTR) return -errno;
  }
}

BodySource::Piece FileBody::next() {
  const uint64_t rest = file_->size() - offset_;
  if (rest == 0) return {};
  if (!piece_) piece_ = std::make_unique<char[]>(limits::kBodyPiece);
  const size_t room = static_cast<size_t>(std::min<uint64_t>(rest, limits::kBodyPiece));
  const int64_t count = file_->read(piece_.get(), room, offset_);
  if (count < 0) {
    const char* reason = std::strerror(static_cast<int>(-count));
    return {{}, {ErrorCode::kGeneric, fmt::format("can't read {}: {}", file_->path(), reason)}};
  }
  // The rest of a file that has shrunk is missing: whoever counts what is sent will say so.
  offset_ += static_cast<uint64_t>(count);
  return {{piece_.get(), static_cast<size_t>(count)}};
}

bool FileBody::rewind() {
  offset_ = 0;
  return true;
}

}  // namespace perigee::http
