// Numbers in messages.
#pragma once

#include <string>

namespace perigee {

// As JSON writes it, and NaN, inf or -inf for what JSON does not know.
std::string shown_number(double number);

}  // namespace perigee
