// The text of the scenarios that `perigee new` writes: the files of templates/ by their names.
#pragma once

#include <string_view>

namespace perigee {

std::string_view template_source(std::string_view name);

}  // namespace perigee
