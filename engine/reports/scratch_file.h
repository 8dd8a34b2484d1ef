// A temporary file for what libraries and programs will only put into files.
#pragma once

#include <string>
#include <string_view>

namespace perigee::reports {

// Gone with the object. Throws std::runtime_error if it can't be made, read or written.
class ScratchFile {
 public:
  ScratchFile();
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::string& path() const { return path_; }
  std::string read() const;
  void write(std::string_view text) const;

 private:
  std::string path_;
};

}  // namespace perigee::reports
