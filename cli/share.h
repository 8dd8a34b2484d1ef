// Where the program's own Lua files lie.
#pragma once

#include <filesystem>
#include <string>

namespace perigee {

// The folder that holds scenarios/: share/perigee beside an installed program, the source tree
// above one in build/ or build/PRESET. Empty if there is none.
std::filesystem::path share_folder();

// The folder with the definitions for editors. Empty if there is none.
std::filesystem::path library_folder();

// `path` itself if it exists, else the same path below the share folder if that exists, else
// `path`.
std::string locate_script(const std::string& path);

}  // namespace perigee
