// When something has changed, as the scheduler's messages say it.
#pragma once

#include <cstdint>

#include "engine/base/clock.h"
#include "engine/protobuf/wire_writer.h"
#include "target/grpc/scheduler/scheduler_fields.h"

namespace perigee {

inline uint64_t to_unix_nanoseconds(WallTime at) {
  return static_cast<uint64_t>(at.time_since_epoch().count());
}

// A google.protobuf.Timestamp.
inline void write_timestamp(protobuf::WireWriter& writer, uint32_t field, WallTime at) {
  constexpr int64_t kSecond = 1'000'000'000;
  const int64_t since_epoch = at.time_since_epoch().count();
  const auto timestamp = writer.begin(field);
  writer.int_field(scheduler_fields::kSeconds, since_epoch / kSecond);
  writer.int_field(scheduler_fields::kNanos, since_epoch % kSecond);
  writer.end(timestamp);
}

// Whether a status is of something that is there or that goes away.
enum class StatusOperation : uint8_t { kCreate = 1, kDelete = 2 };
constexpr StatusOperation operation_of(bool deleted) {
  return deleted ? StatusOperation::kDelete : StatusOperation::kCreate;
}

}  // namespace perigee
