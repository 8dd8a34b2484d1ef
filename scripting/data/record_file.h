// A file of lines or CSV rows, read where it lies: what is in memory is a sparse index of it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "scripting/data/record_scanner.h"

namespace perigee {

// Immutable, used by any thread. The index takes a few hundredths of the file's size.
class RecordFile {
 public:
  // Reads the file once to its end. Throws ConfigError naming file and line: the file can't be
  // read, it is UTF-16, a quote is not closed, a row has another number of fields than the first.
  RecordFile(std::filesystem::path path, RecordFormat format);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  // Empty lines are no rows of a CSV file.
  size_t size() const { return size_; }
  // The record `index` (below size()) without its line end. Throws std::runtime_error if the file
  // has changed meanwhile.
  std::string read(size_t index) const;
  const std::filesystem::path& path() const { return path_; }

 private:
  // Where a record begins.
  struct Mark {
    size_t record;
    size_t offset;
  };
  class Indexer;

  void check_encoding() const;
  bool has_carriage_returns_only() const;
  std::string read_bytes(size_t offset, size_t size) const;

  std::filesystem::path path_;
  RecordFormat format_;
  int file_ = -1;
  size_t end_ = 0;  // of the file
  size_t size_ = 0;
  std::vector<Mark> marks_;
};

}  // namespace perigee
