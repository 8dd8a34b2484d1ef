// The exports of a run (`--out prometheus=ADDRESS` and the like).
#pragma once

#include <memory>
#include <string>

#include "cli/environment.h"
#include "engine/execution/run_plan.h"
#include "engine/export/exports.h"
#include "scripting/script.h"

namespace perigee {

// Null if none of the outputs is one. Throws ConfigError, which names what sets the outputs
// (`where`), for what can't be opened. The plan must outlive the exports.
std::unique_ptr<exports::Exports> open_exports(const RunPlan& plan, const Script& script,
                                               const Environment& environment,
                                               const std::string& where, Log& log);

}  // namespace perigee
