// Request bodies from a file, read while they are sent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/http/body_source.h"

namespace perigee::http {

// An open file, shared by all requests that send it. Immutable; every thread may read it.
class BodyFile {
 public:
  // Throws ConfigError if it can't be opened or is no regular file.
  explicit BodyFile(const std::filesystem::path& path);
  ~BodyFile();
  BodyFile(const BodyFile&) = delete;
  BodyFile& operator=(const BodyFile&) = delete;

  const std::string& path() const { return path_; }
  // When it was opened.
  uint64_t size() const { return size_; }
  // Reads up to `room` bytes. 0: there are no more; negative: an errno.
  int64_t read(char* into, size_t room, uint64_t offset) const;

 private:
  std::string path_;
  int fd_;
  uint64_t size_ = 0;
};

// One request's way through the file.
class FileBody final : public BodySource {
 public:
  explicit FileBody(std::shared_ptr<const BodyFile> file) : file_(std::move(file)) {}

  std::optional<uint64_t> size() const override { return file_->size(); }
  Piece next() override;
  bool rewind() override;

 private:
  std::shared_ptr<const BodyFile> file_;
  std::unique_ptr<char[]> piece_;  // made when it is first needed
  uint64_t offset_ = 0;
};

}  // namespace perigee::http
