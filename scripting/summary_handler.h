// Runs a script's handleSummary() when the run is over.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/execution/run_plan.h"
#include "scripting/script_host.h"

namespace perigee {

// Texts by where they go: "stdout", "stderr" or a path.
using SummaryTexts = std::map<std::string, std::string>;

// What the function is called with.
struct SummaryCall {
  const Script& script;
  const Modules& modules;
  const RunPlan& plan;
  Log& log;
  Watchdog& watchdog;
  // The argument, and what it has as `setup_data`: a copy of what setup returned, empty if nothing.
  const nlohmann::json& data;
  const std::string& setup_data;
  // Whether a SIGINT or SIGTERM has come before. The first one lets the function finish, the second
  // ends the process at once.
  bool signalled = false;
};

struct SummaryAnswer {
  std::optional<SummaryTexts> texts;  // nothing if it returned nothing
  bool signalled = false;             // meanwhile
};

// Calls it in a VU of its own, number 0, on the calling thread; requests work. Throws ScriptError
// if it fails, takes longer than the option handleSummaryTimeout, aborts, or returns something else
// than a table of texts.
SummaryAnswer handle_summary(const SummaryCall& call);

}  // namespace perigee
