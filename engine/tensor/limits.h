// The bounds of tensors, by name.
#pragma once

#include <cstddef>

namespace perigee::limits {

// Bytes of one tensor that a script makes, and values of one that it reads.
inline constexpr size_t kTensorBytes = 1024UL * 1024 * 1024;

}  // namespace perigee::limits
