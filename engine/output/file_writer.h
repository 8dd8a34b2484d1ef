// Writes text to a file, plain or compressed, or to standard output.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace perigee {

// Every error is told: writing and closing throw std::runtime_error naming the file and the reason.
class FileWriter {
 public:
  virtual ~FileWriter() = default;
  // What messages call it: the path, or "standard output".
  virtual const std::string& name() const = 0;
  virtual void write(std::string_view text) = 0;
  // Everything is in the file once this has returned. Called once, after the last `write`.
  virtual void close() = 0;
};

// Opens `path` for writing, empty: gzip when it ends in ".gz", standard output when it is "-" or
// "". Makes the folders it lies in. Throws ConfigError if that cannot be done.
std::unique_ptr<FileWriter> open_writer(const std::string& path);

// The same, but never compressed, whatever the path ends in. What `write` was given is in the file
// when it returns.
std::unique_ptr<FileWriter> open_plain_writer(const std::string& path);

// Writes a whole file. Throws ConfigError or std::runtime_error naming it.
void write_file(const std::string& path, std::string_view text);

}  // namespace perigee
