// The file of --metadata: when a run was, with which arguments and settings, for people who find
// its results later.
#pragma once

#include <ctime>
#include <optional>
#include <string>

#include "cli/environment.h"
#include "cli/exit_code.h"
#include "engine/base/log.h"

namespace perigee {

// Written once at the start, so that a run which is cut off leaves it, too, and once at the end.
class RunMetadata {
 public:
  // An empty path: nothing is written. `arguments` is the command line as people wrote it. The
  // files of the folder that PERIGEE_METADATA_FOLDER names go along with their texts; of the rest
  // of the environment nothing does.
  RunMetadata(std::string path, std::string arguments, const Environment& environment,
              const Log& log);

  // Throws ConfigError if the file can't be written.
  void begin() const { write(std::nullopt); }
  void end(ExitCode code) const { write(code); }

 private:
  void write(std::optional<ExitCode> code) const;
  std::string text(std::optional<ExitCode> code) const;

  std::string path_;
  std::string arguments_;
  std::string folder_;
  std::time_t began_;
  const Log& log_;
};

}  // namespace perigee
