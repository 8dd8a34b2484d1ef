// What is told when a run is over: the summary for people, and its files.
#pragma once

#include <cstdio>

#include "cli/exit_code.h"
#include "cli/run_flags.h"
#include "engine/base/log.h"
#include "engine/execution/run.h"
#include "engine/output/summary.h"
#include "scripting/script_host.h"

namespace perigee {

// A run that has ended, with what it was made of.
struct EndedRun {
  const RunFlags& flags;
  const RunPlan& plan;
  const Script& script;
  const Modules& modules;
  // Whether the script has a handleSummary.
  bool has_handler;
  Log& log;
  Watchdog& watchdog;
  const Aggregator& aggregator;
  const RunResult& result;
};

Summary summarise(const EndedRun& run);

// How far what a run has to tell came.
enum class Told {
  kAll,
  kSignalled,   // a signal came meanwhile; all is in its place
  kReaderGone,  // nobody read standard output to its end; all else is in its place
  kIncomplete,
};

ExitCode exit_code_of(Told told);

// Prints the summary to `out`, or what the script's handleSummary makes of it, and writes the file
// of
// --summary-export. Errors are logged.
Told tell_summary(const EndedRun& run, const Summary& summary, std::FILE* out);

}  // namespace perigee
