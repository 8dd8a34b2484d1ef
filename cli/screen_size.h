// How much a terminal shows.
#pragma once

#include <cstddef>
#include <cstdio>

namespace perigee {

struct ScreenSize {
  size_t columns = 80;
  size_t rows = 24;
};

// Of the terminal that `out` is; 80 by 24 for anything else.
ScreenSize screen_size(std::FILE* out);

}  // namespace perigee
