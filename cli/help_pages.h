// Pages of the documentation that the program itself shows, by the names of their files in docs/.
#pragma once

#include <string_view>

namespace perigee {

std::string_view help_page(std::string_view name);

}  // namespace perigee
