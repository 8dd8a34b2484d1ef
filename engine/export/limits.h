// What exports keep and send at most.
#pragma once

#include <chrono>
#include <cstddef>

namespace perigee::exports::limits {

// Tag sets that become labels of their own; further ones fold into one that says so.
inline constexpr size_t kTagSets = 2'000;

// What waits for a receiver; then the oldest is lost.
inline constexpr size_t kQueuedPushes = 1'000;
inline constexpr size_t kQueuedBytes = 64 * 1024 * 1024;
// How often a push is sent to a receiver that is busy, during the run and after it, and how long
// the latter waits at most.
inline constexpr uint32_t kTries = 5;
inline constexpr uint32_t kLastTries = 2;
inline constexpr std::chrono::seconds kLastWait{1};
// A receiver has this long to answer, as k6 gives it.
inline constexpr std::chrono::seconds kPushTimeout{5};
// Series of one request.
inline constexpr size_t kSeriesPerPush = 2'000;
// Bytes of a response that are kept for messages.
inline constexpr size_t kReason = 200;

}  // namespace perigee::exports::limits
