#include "cli/upload/upload_command.h"

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/run_log.h"
#include "cli/upload/upload.h"
#include "engine/base/config_error.h"

namespace perigee {
namespace {

// The flags as they are declared; must outlive the parsing.
struct UploadFlags {
  UploadFlags()
      : app("Sends a file, or a folder with all its files, to storage.", "perigee upload") {
    app.add_option("PATH", path, "a file or a folder")->required();
    app.add_option("URI", uri,
                   "s3://bucket[@region]/path, gs://bucket/path, another URI of storage or a "
                   "folder; a file "
                   "goes to this name, or into it where it ends in /")
        ->required();
    app.add_flag("-v,--verbose", verbose, "log debug messages too");
  }

  CLI::App app;
  std::string path;
  std::string uri;
  bool verbose = false;
};

}  // namespace

int upload_command(int argc, const char* const* argv) {
  UploadFlags flags;
  if (!parse_command_line(flags.app, argc, argv)) return 0;
  std::error_code ignored;
  if (!std::filesystem::exists(flags.path, ignored)) {
    throw ConfigError(fmt::format("there is no file or folder {}", flags.path));
  }
  const Environment environment = process_environment();
  RunFlags log_flags;
  log_flags.verbose = flags.verbose;
  Log log(run_log_settings(log_flags, environment));
  check_upload_uri(flags.uri, "perigee upload", environment, log);
  const UploadJob job{.path = flags.path, .uri = flags.uri};
  return static_cast<int>(upload({&job, 1}, environment, log));
}

std::vector<FlagDescription> upload_flags() {
  return describe_flags(UploadFlags().app);
}

}  // namespace perigee
