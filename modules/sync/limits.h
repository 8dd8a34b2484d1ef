// Every bound of perigee.sync, by name.
#pragma once

#include <cstddef>
#include <cstdint>

namespace perigee::sync::limits {

// Locks that a run may have, and as many barriers, counters and queues.
inline constexpr size_t kNames = 100'000;
// Bytes of one name.
inline constexpr size_t kName = 256;
// VUs that a barrier may wait for.
inline constexpr size_t kParties = 1'000'000;
// Values that a queue holds, and unless the script says otherwise.
inline constexpr size_t kCapacity = 1'000'000;
inline constexpr size_t kUsualCapacity = 10'000;
// Bytes of one value, and of all that a queue holds; with more than these it is full.
inline constexpr size_t kValueBytes = 1024UL * 1024;
inline constexpr size_t kQueueBytes = 64UL * 1024 * 1024;

}  // namespace perigee::sync::limits
