// How far a scenario is, as its plan and its counts say.
#pragma once

#include "engine/base/clock.h"
#include "engine/execution/run_status.h"
#include "engine/execution/scenario.h"
#include "engine/execution/scenario_change.h"
#include "engine/execution/scenario_progress.h"

namespace perigee {

enum class LoadState { kGoesOn, kComplete, kCutShort };

// `elapsed` counts from the start of the load; `change` is what has been changed since.
ScenarioStatus scenario_status(const Scenario& scenario, const ScenarioChange& change,
                               const ScenarioProgress& progress, Duration elapsed, LoadState load);

}  // namespace perigee
