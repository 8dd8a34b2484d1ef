// What `perigee run` is told on the command line.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "engine/base/clock.h"
#include "engine/output/sample_queue.h"

namespace perigee {

struct RunFlags {
  std::string script;
  nlohmann::json options = nlohmann::json::object();  // the layer above the script's own
  std::map<std::string, std::string> env;             // -e, over the process's environment
  QueueOverflow output_overflow = QueueOverflow::kWait;
  std::string summary_export;
  uint32_t workers = 0;  // 0: as many as there are CPUs to use
  Duration no_yield_limit{};
  bool quiet = false;
  bool verbose = false;
  bool no_thresholds = false;
  bool no_color = false;
  bool jit = true;
  bool help = false;  // the help has been shown; there is nothing to run
};

// Throws ConfigError naming the flag, and the closest known one for one that does not exist.
RunFlags parse_run_flags(int argc, const char* const* argv);

}  // namespace perigee
