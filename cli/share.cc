#include "cli/share.h"

namespace perigee {

namespace fs = std::filesystem;

fs::path share_folder() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path above = program.parent_path().parent_path();
  for (const fs::path& folder : {above / "share" / "perigee", above, above.parent_path()}) {
    if (fs::is_directory(folder / "scenarios", ignored)) return folder;
  }
  return {};
}

fs::path library_folder() {
  std::error_code ignored;
  const fs::path share = share_folder();
  for (const fs::path& folder : {share / "library", share / "scripting" / "library"}) {
    if (!share.empty() && fs::is_directory(folder, ignored)) return folder;
  }
  return {};
}

std::string locate_script(const std::string& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored) || fs::path(path).is_absolute()) return path;
  const fs::path shared = share_folder() / path;
  return fs::exists(shared, ignored) ? shared.string() : path;
}

}  // namespace perigee
