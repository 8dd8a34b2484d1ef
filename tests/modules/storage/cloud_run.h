// One iteration of a script on a machine that knows of no cloud but what the test says.
#pragma once

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/process/script_run.h"
#include "tests/support/process.h"

namespace perigee {

class CloudRun {
 public:
  using Environment = std::map<std::string, std::string>;

  // The body of the function has `credentials`, `storage`, and `folder`, where the run is, its
  // HOME, too.
  CloudRun(const ScratchFolder& folder, const std::string& body, const Environment& environment,
           const std::vector<std::string>& flags = {})
      : result_(run(folder, body, environment, flags)) {}

  // What the script printed, and what was logged.
  std::string text() const {
    std::string text = unescaped(result_.out + result_.err);
    // print puts tabs between its values, and the log writes \t for them.
    for (size_t at = text.find("\\t"); at != std::string::npos; at = text.find("\\t", at))
      text.replace(at, 2, "\t");
    return text;
  }
  bool says(const std::string& part) const { return text().find(part) != std::string::npos; }

 private:
  static ProcessResult run(const ScratchFolder& folder, const std::string& body,
                           const Environment& environment, const std::vector<std::string>& flags) {
    std::ofstream(folder / "script.lua") << R"lua(
local credentials, storage = require "perigee.credentials", require "perigee.storage"
local folder = __ENV.HOME
return { default = function()
)lua" << body << "\nend }";
    Process::Options options{.environment = {{"HOME", folder / ""},
                                             {"AWS_ACCESS_KEY_ID", ""},
                                             {"AWS_SECRET_ACCESS_KEY", ""},
                                             {"AWS_SESSION_TOKEN", ""},
                                             {"AWS_PROFILE", ""},
                                             {"AWS_REGION", ""},
                                             {"AWS_DEFAULT_REGION", ""},
                                             {"AWS_ENDPOINT_URL", ""},
                                             {"AWS_ENDPOINT_URL_S3", ""},
                                             {"AWS_CONFIG_FILE", ""},
                                             {"AWS_SHARED_CREDENTIALS_FILE", ""},
                                             {"AWS_EC2_METADATA_DISABLED", "true"}},
                             .folder = folder / ""};
    for (const auto& [name, value] : environment)
      options.environment[name] = value;
    std::vector<std::string> command{perigee_program(), "run", "--quiet", "--no-summary",
                                     "script.lua"};
    command.insert(command.end(), flags.begin(), flags.end());
    return run_process(command, options);
  }

  ProcessResult result_;
};

}  // namespace perigee
