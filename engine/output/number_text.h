// The values of samples as the raw outputs spell them.
#pragma once

#include <string>

namespace perigee {

// Appends a finite value with six decimals, as printf's %f.
void append_fixed(std::string& row, double value);

}  // namespace perigee
