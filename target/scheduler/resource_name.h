// The names that models, pipelines and experiments may have.
#pragma once

#include <string_view>

namespace perigee {

// Throws SchedulerRefusal that says which kind of thing can't have the name, and what it may be.
void check_resource_name(std::string_view kind, std::string_view name);

}  // namespace perigee
