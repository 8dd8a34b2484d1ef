// The scheduler's messages about models.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "target/scheduler/scheduled_model.h"

namespace perigee {

// Of a LoadModelRequest. Throws MalformedMessage.
ModelRequest read_model_request(std::string_view message);
// The name in an UnloadModelRequest; the proxy's has it in the same place. Throws MalformedMessage.
std::string_view read_unloaded_model(std::string_view message);

// Appends a ModelStatusResponse.
void write_model_status(std::string& out, const ScheduledModel& model, bool all_versions,
                        const TimeOrigin& origin);

}  // namespace perigee
