// Sends files to storage as perigee.storage does: what perigee upload and run --upload share.
#pragma once

#include <span>
#include <string>

#include "cli/environment.h"
#include "cli/exit_code.h"
#include "engine/base/log.h"

namespace perigee {

struct UploadJob {
  std::string path;  // a file or a folder
  std::string uri;
};

// Throws ConfigError for a URI that can't be read; nothing is sent. `set_by` names what gave it.
void check_upload_uri(const std::string& uri, const std::string& set_by,
                      const Environment& environment, Log& log);

// Where a file goes in a folder: to its path below the URI, or to its name if that path leads
// elsewhere.
std::string upload_uri(const std::string& folder, const std::string& file);

// Logs what was sent and what was not, and then the commands that send the latter.
ExitCode upload(std::span<const UploadJob> jobs, const Environment& environment, Log& log);

}  // namespace perigee
