// Shared arrays of the lines of a file, or of its CSV rows.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scripting/data/record_file.h"
#include "scripting/data/shared_array.h"

namespace perigee {

class LineArray final : public SharedArray {
 public:
  // Throws ConfigError, as RecordFile.
  explicit LineArray(std::filesystem::path path) : file_(std::move(path), RecordFormat()) {}

  size_t size() const override { return file_.size(); }
  void push(lua_State* L, size_t index) const override;

 private:
  RecordFile file_;
};

// k6's options of the same names; lines count from 0 and empty ones do not count.
struct CsvOptions {
  char delimiter = ',';
  bool as_objects = false;  // the first row names the fields
  bool skip_first_line = false;
  size_t from_line = 0;
  std::optional<size_t> to_line;  // the last one
};

class CsvArray final : public SharedArray {
 public:
  // Throws ConfigError, as RecordFile, and for options that exclude each other.
  CsvArray(std::filesystem::path path, const CsvOptions& options);

  size_t size() const override { return size_; }
  // A list of the fields, or a table of them by name.
  void push(lua_State* L, size_t index) const override;

 private:
  void read_names();

  RecordFile file_;
  char delimiter_;
  std::vector<std::string> names_;  // empty: rows are lists
  size_t first_ = 0;
  size_t size_ = 0;
};

}  // namespace perigee
