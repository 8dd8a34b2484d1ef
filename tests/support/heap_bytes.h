// The bytes that the program has allocated and not given back.
#pragma once

#include <cstddef>

namespace perigee {

// Counts what any library allocates, too. For programs of which heap_bytes.cc is a part.
size_t heap_bytes();

}  // namespace perigee
