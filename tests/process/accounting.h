// The equations of "nothing vanishes", each held by doctest's checks.
#pragma once

#include <string>

#include "tests/process/script_run.h"
#include "tests/support/target_process.h"

namespace perigee {

// A script whose one scenario `load` is `scenario`, e.g. "executor = 'constant-vus', ...": every
// iteration first counts itself in the metric `started` and then runs `body`, in which `http`,
// `perigee`, `n` (the iteration's number) and `get(route, argument, timeout)` are known. The
// requests of `get` go to `url` and are named by their route, e.g. get("/half/{n}", 100).
// With a version ("1.1", "2") they are a client's that speaks only this one.
std::string load_script(const std::string& url, const std::string& scenario,
                        const std::string& body, const std::string& version = {});

// Waits until the target has seen so many requests at the route; throws if it does not.
void wait_for_requests(const TargetProcess& target, const std::string& route, uint64_t count);

// Iterations started = completed + interrupted.
void check_iterations(ScriptRun& run);

// The requests the target saw = those counted, those interrupted and those sent again, per route.
void check_requests(ScriptRun& run, const TargetProcess& target);

// The summary = the rows of the CSV, metric by metric.
void check_summary_is_csv(ScriptRun& run);

// All three.
void check_books(ScriptRun& run, const TargetProcess& target);

}  // namespace perigee
