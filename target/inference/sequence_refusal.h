// The refusal of a request for the state of its sequence.
#pragma once

#include <cstdint>
#include <string>

#include "target/bad_request.h"

namespace perigee {

// Which of them it is says the status: that of HTTP, and the code of gRPC.
enum class SequenceFault : uint8_t {
  kUnknown,  // 404, NOT_FOUND
  kExists,   // 409, ALREADY_EXISTS
  kTooMany,  // 503, UNAVAILABLE
};

class SequenceRefusal : public BadRequest {
 public:
  SequenceRefusal(SequenceFault fault, const std::string& message)
      : BadRequest(message), fault_(fault) {}

  SequenceFault fault() const { return fault_; }

 private:
  SequenceFault fault_;
};

// The status of a reply over HTTP: 400 for what is no SequenceRefusal.
int refusal_status_code(const BadRequest& refusal);

}  // namespace perigee
