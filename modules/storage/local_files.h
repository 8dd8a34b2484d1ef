// Files of this machine, as uploads read them and downloads write them: in pieces of any place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perigee::local_files {

struct Entry {
  std::string path;  // below the folder
  uint64_t size = 0;
};

// What there is at a path.
enum class Kind { kNothing, kFile, kFolder, kOther };
Kind kind_of(const std::string& path);

// The rest throw std::runtime_error with the path and the system's reason.

uint64_t size_of(const std::string& path);
// When it was last changed, in seconds since 1970.
double modified_at(const std::string& path);
// At most `size` bytes from `offset` on; fewer at the end of the file only.
std::string read(const std::string& path, uint64_t offset, size_t size);
// All regular files below a folder, those behind links included, in the order of their paths.
std::vector<Entry> list(const std::string& folder);
// A digest of so many bytes from `offset` on, as bytes.
std::string digest(const std::string& path, uint64_t offset, uint64_t size,
                   std::string_view algorithm);

// Makes the folders above a file that is to be written.
void make_room(const std::string& path);
// Writes at the end of a file, which is emptied first if `begins`.
void append(const std::string& path, std::string_view bytes, bool begins);
// Gives a written file its name, when its bytes are on the disk.
void finish(const std::string& written, const std::string& path);
// Writes a small file, for its owner alone, that is there as a whole or not at all.
void save_private(const std::string& path, std::string_view bytes);
// False if there was none.
bool remove(const std::string& path);

}  // namespace perigee::local_files
