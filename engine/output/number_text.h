// The values of samples as the raw outputs spell them.
#pragma once

#include <string>

namespace perigee {

// Appends a finite value with six decimals, as printf's %f.
void append_fixed(std::string& row, double value);

// Appends the shortest decimal spelling that reads back as the same finite value.
void append_shortest(std::string& row, double value);

}  // namespace perigee
