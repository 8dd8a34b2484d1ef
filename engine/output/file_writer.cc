#include "engine/output/file_writer.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

[[noreturn]] void fail(const std::string& path, std::string_view reason) {
  throw std::runtime_error(fmt::format("can't write {}: {}", path, reason));
}

std::string last_error() {
  return std::generic_category().message(errno);
}

// Owns the descriptor, unless it is that of standard output.
class PlainWriter final : public FileWriter {
 public:
  PlainWriter(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  PlainWriter(const PlainWriter&) = delete;
  PlainWriter& operator=(const PlainWriter&) = delete;
  ~PlainWriter() override {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }

  const std::string& name() const override { return path_; }

  void write(std::string_view text) override {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written >= 0) {
        text.remove_prefix(static_cast<size_t>(written));
      } else if (errno != EINTR) {
        fail(path_, last_error());
      }
    }
  }

  void close() override {
    const int fd = std::exchange(fd_, -1);
    if (fd > STDERR_FILENO && ::close(fd) != 0) fail(path_, last_error());
  }

 private:
  std::string path_;
  int fd_;
};

class GzipWriter final : public FileWriter {
 public:
  // Takes over the descriptor.
  GzipWriter(std::string path, int fd) : path_(std::move(path)), file_(gzdopen(fd, kMode)) {
    if (file_ == nullptr) {
      ::close(fd);
      throw std::bad_alloc();
    }
    gzbuffer(file_, kBuffer);
  }
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;
  ~GzipWriter() override {
    if (file_ != nullptr) gzclose(file_);
  }

  const std::string& name() const override { return path_; }

  void write(std::string_view text) override {
    if (text.empty()) return;
    const auto length = static_cast<unsigned>(text.size());
    if (gzwrite(file_, text.data(), length) == 0) fail(path_, reason());
  }

  void close() override {
    const int result = gzclose(std::exchange(file_, nullptr));
    if (result != Z_OK) fail(path_, result == Z_ERRNO ? last_error() : "compression failed");
  }

 private:
  // Rows repeat each other so much that the fastest level compresses them well.
  static constexpr const char* kMode = "wb1";
  static constexpr unsigned kBuffer = 256 * 1024;

  std::string reason() const {
    int code = Z_OK;
    const char* text = gzerror(file_, &code);
    return code == Z_ERRNO ? last_error() : text;
  }

  std::string path_;
  gzFile file_;
};

[[noreturn]] void refuse(const std::string& path, std::string_view reason) {
  throw ConfigError(fmt::format("can't open {} for writing: {}", path, reason));
}

int open_file(const std::string& path) {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) refuse(path, error.message());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) refuse(path, last_error());
  return fd;
}

}  // namespace

std::unique_ptr<FileWriter> open_writer(const std::string& path) {
  if (path.ends_with(".gz")) return std::make_unique<GzipWriter>(path, open_file(path));
  return open_plain_writer(path);
}

std::unique_ptr<FileWriter> open_plain_writer(const std::string& path) {
  if (path.empty() || path == "-") {
    return std::make_unique<PlainWriter>("standard output", STDOUT_FILENO);
  }
  return std::make_unique<PlainWriter>(path, open_file(path));
}

void write_file(const std::string& path, std::string_view text) {
  const auto file = open_writer(path);
  file->write(text);
  file->close();
}

}  // namespace perigee
