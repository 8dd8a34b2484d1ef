// The --upload of commands that write one file.
#pragma once

#include <string>

#include "cli/environment.h"
#include "cli/exit_code.h"
#include "engine/base/log.h"

namespace perigee {

class CommandUpload {
 public:
  // `uri` is that of a folder; empty: nothing is sent. Throws ConfigError for one that can't be
  // read.
  explicit CommandUpload(std::string uri);

  ExitCode send(const std::string& file);

 private:
  std::string uri_;
  Environment environment_;
  Log log_;
};

}  // namespace perigee
