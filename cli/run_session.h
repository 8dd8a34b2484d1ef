// A run of a script from its options to its end: what the commands that run something share.
#pragma once

#include <cstdio>

#include "cli/environment.h"
#include "cli/exit_code.h"
#include "cli/run_flags.h"
#include "cli/run_summary.h"
#include "engine/base/log.h"
#include "scripting/script.h"

namespace perigee {

// What a command tells of its run in its own way, on the main thread.
class RunTeller {
 public:
  virtual ~RunTeller() = default;
  // Once the options are known and everything is open, before the first VU is made.
  virtual void begin(const Script& script, const RunPlan& plan) = 0;
  // Where progress is shown; null for nowhere.
  virtual std::FILE* progress() = 0;
  // Tells the result. The code is the program's if the run is complete and no threshold failed.
  virtual ExitCode end(const EndedRun& run, const Summary& summary) = 0;
  // Everything is written. Gets the program's exit code, and returns it or another one.
  virtual ExitCode finished(const RunFlags& /*flags*/, const RunPlan& /*plan*/, ExitCode code) {
    return code;
  }
};

// Returns the program's exit code, or ends the program with it if something is left that can't be
// taken back. Throws ConfigError and ScriptError before the load.
int run_session(RunFlags flags, Script script, const Environment& environment, Log& log,
                RunTeller& teller);

}  // namespace perigee
