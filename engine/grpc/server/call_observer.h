// Hears of the calls to a gRPC server, so that they can be counted.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/grpc/status.h"

namespace perigee::grpc {

inline constexpr size_t kUnknownMethod = SIZE_MAX;

// Every call begins once, and is either finished or dropped once.
class CallObserver {
 public:
  virtual ~CallObserver() = default;

  // A call arrived. `method`: its place among those that were added, or kUnknownMethod.
  virtual void on_call(size_t method) = 0;
  virtual void on_message_received() = 0;
  virtual void on_message_sent() = 0;
  // The server has sent a status.
  virtual void on_finished(Code code) = 0;
  // The call ended without a status: the client cancelled it or is gone, or the server broke it
  // off.
  virtual void on_dropped() = 0;
};

}  // namespace perigee::grpc
