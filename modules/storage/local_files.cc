#include "modules/storage/local_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scripting/message_digest.h"

namespace perigee::local_files {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPiece = 256U << 10U;

[[noreturn]] void fail(const std::string& path, int error) {
  throw std::runtime_error(fmt::format("{}: {}", path, std::generic_category().message(error)));
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, mode_t mode = 0666)
      : fd_(::open(path.c_str(), flags, mode)) {
    if (fd_ < 0) fail(path, errno);
  }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

void read_into(const Descriptor& file, const std::string& path, uint64_t offset, std::string& out) {
  size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t got = ::pread(file.get(), out.data() + filled, out.size() - filled,
                                static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, errno);
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  out.resize(filled);
}

void write_all(const Descriptor& file, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

Kind kind_of(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return Kind::kNothing;
  if (fs::is_regular_file(status)) return Kind::kFile;
  return fs::is_directory(status) ? Kind::kFolder : Kind::kOther;
}

uint64_t size_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) fail(path, errno);
  if (S_ISDIR(status.st_mode)) fail(path, EISDIR);
  return static_cast<uint64_t>(status.st_size);
}

double modified_at(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) fail(path, errno);
  return static_cast<double>(status.st_mtim.tv_sec) +
         static_cast<double>(status.st_mtim.tv_nsec) * 1e-9;
}

std::string read(const std::string& path, uint64_t offset, size_t size) {
  const Descriptor file(path, O_RDONLY | O_CLOEXEC);
  std::string bytes(size, '\0');
  read_into(file, path, offset, bytes);
  return bytes;
}

std::vector<Entry> list(const std::string& folder) {
  std::vector<Entry> entries;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::follow_directory_symlink,
                                      error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    entries.push_back({at->path().lexically_relative(folder).string(), at->file_size()});
  }
  if (error) fail(folder, error.value());
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.path < b.path; });
  return entries;
}

std::string digest(const std::string& path, uint64_t offset, uint64_t size,
                   std::string_view algorithm) {
  const Descriptor file(path, O_RDONLY | O_CLOEXEC);
  MessageDigest message(algorithm, std::nullopt);
  std::string piece;
  for (uint64_t done = 0; done < size; done += piece.size()) {
    piece.resize(static_cast<size_t>(std::min<uint64_t>(size - done, kPiece)));
    read_into(file, path, offset + done, piece);
    if (piece.empty()) throw std::runtime_error(fmt::format("{}: it has become shorter", path));
    message.update(piece);
  }
  return message.digest();
}

void make_room(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  if (folder.empty()) return;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder.string(), error.value());
}

void append(const std::string& path, std::string_view bytes, bool begins) {
  const int place = begins ? O_TRUNC : O_APPEND;
  write_all(Descriptor(path, O_WRONLY | O_CREAT | O_CLOEXEC | place), path, bytes);
}

void finish(const std::string& written, const std::string& path) {
  {
    const Descriptor file(written, O_RDONLY | O_CLOEXEC);
    if (::fsync(file.get()) != 0) fail(written, errno);
  }
  if (::rename(written.c_str(), path.c_str()) != 0) fail(path, errno);
}

void save_private(const std::string& path, std::string_view bytes) {
  const std::string part = path + ".perigee-part";
  constexpr mode_t kOwnerOnly = 0600;
  write_all(Descriptor(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly), part, bytes);
  finish(part, path);
}

bool remove(const std::string& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  fail(path, errno);
}

}  // namespace perigee::local_files
