// perigee upload: sends files and folders to storage.
#pragma once

#include <vector>

#include "cli/flag_description.h"

namespace perigee {

int upload_command(int argc, const char* const* argv);
// As completion needs them.
std::vector<FlagDescription> upload_flags();

}  // namespace perigee
