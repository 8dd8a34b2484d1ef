#include "engine/reports/png_report.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/config_error.h"
#include "engine/reports/scratch_file.h"

namespace perigee::reports {
namespace {

constexpr const char* kProgram = "gnuplot";

bool is_in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((std::filesystem::path(folder) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

// Returns what the program ended with. What it says goes to a file.
int run_gnuplot(const std::string& script, const std::string& log) {
  std::string program = kProgram;
  std::string argument = script;
  const std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY, 0);
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, kProgram, &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) return -1;
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

void require_gnuplot() {
  if (is_in_path(kProgram)) return;
  throw ConfigError("pictures are drawn by gnuplot, which is missing: apt-get install gnuplot-nox");
}

std::string png_report(const Report& report) {
  require_gnuplot();
  const ScratchFile script;
  const ScratchFile picture;
  script.write(png_script(report, picture.path()));
  const ScratchFile log;
  const int code = run_gnuplot(script.path(), log.path());
  if (code != 0) {
    throw std::runtime_error(fmt::format("gnuplot failed with {}: {}", code, log.read()));
  }
  return picture.read();
}

}  // namespace perigee::reports
