// How what is wrong with a call becomes its status.
#pragma once

#include <stdexcept>
#include <string>

#include "engine/grpc/status.h"

namespace perigee {

// Refuses a call with a status. It never leaves what answers the call.
class CallRefusal : public std::runtime_error {
 public:
  CallRefusal(grpc::Code code, const std::string& message)
      : std::runtime_error(message), code_(code) {}

  grpc::Code code() const { return code_; }

 private:
  grpc::Code code_;
};

// The status for the exception that is being handled: a CallRefusal's own, INVALID_ARGUMENT for a
// BadRequest, FAILED_PRECONDITION for a SchedulerRefusal, INTERNAL for a MalformedMessage, as real
// servers have it. Others are passed on.
grpc::Status refusal_status();

}  // namespace perigee
