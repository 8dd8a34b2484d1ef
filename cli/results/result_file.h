// The result file of a run (`--out results=FILE`): what its beginning and its end say.
#pragma once

#include <memory>

#include "engine/execution/run.h"
#include "engine/execution/run_plan.h"
#include "engine/results/results_recorder.h"
#include "scripting/script.h"

namespace perigee {

// What the first frame says; the time of the beginning is not known yet.
results::Header result_header(const RunPlan& plan, const Script& script,
                              const ThresholdSet& thresholds);
// What the last frame says, but for the time of the end.
results::End result_end(const RunResult& result);

// Null if none of the outputs is one. Throws ConfigError if it can't be opened.
std::unique_ptr<results::ResultsRecorder> open_result_file(const RunPlan& plan,
                                                           const results::Header& header);

void end_result_file(results::ResultsRecorder& file, const RunResult& result);

}  // namespace perigee
