// What a script is, found out by running its init code once.
#pragma once

#include <optional>
#include <vector>

#include "engine/base/log.h"
#include "engine/execution/run_plan.h"
#include "scripting/name_fault.h"
#include "scripting/script.h"
#include "scripting/script_description.h"
#include "scripting/script_host.h"
#include "scripting/watchdog.h"

namespace perigee {

// Adds the metrics that the script creates to the plan's registry. Nothing if the script called
// abort(), which the log then tells. Names in it that stand for nothing go into `faults`. Throws
// ScriptError if its init code fails.
std::optional<ScriptDescription> describe_script(const Script& script, const Modules& modules,
                                                 Watchdog& watchdog, RunPlan& plan, Log& log,
                                                 std::vector<NameFault>& faults);

}  // namespace perigee
