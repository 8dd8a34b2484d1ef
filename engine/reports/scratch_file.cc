#include "engine/reports/scratch_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <unistd.h>

namespace perigee::reports {

ScratchFile::ScratchFile()
    : path_((std::filesystem::temp_directory_path() / "perigee-XXXXXX").string()) {
  const int fd = mkstemp(path_.data());
  if (fd < 0) throw std::runtime_error("can't make a temporary file for a report: " + path_);
  close(fd);
}

ScratchFile::~ScratchFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

std::string ScratchFile::read() const {
  std::ifstream file(path_, std::ios::binary);
  if (!file) throw std::runtime_error("can't read " + path_);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void ScratchFile::write(std::string_view text) const {
  std::ofstream file(path_, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("can't write " + path_);
}

}  // namespace perigee::reports
