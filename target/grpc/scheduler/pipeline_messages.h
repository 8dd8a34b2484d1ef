// The scheduler's messages about pipelines.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "target/scheduler/scheduled_pipeline.h"

namespace perigee {

// Of a LoadPipelineRequest. Throws MalformedMessage.
PipelineRequest read_pipeline_request(std::string_view message);
// The name that a request to unload a pipeline or to stop an experiment consists of.
std::string_view read_name(std::string_view message);

// Appends a PipelineStatusResponse.
void write_pipeline_status(std::string& out, const ScheduledPipeline& pipeline, bool all_versions,
                           const TimeOrigin& origin);

}  // namespace perigee
