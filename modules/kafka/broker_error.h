// What a broker, or the client, has refused.
#pragma once

#include <stdexcept>
#include <string>

#include "modules/kafka/rdkafka.h"

namespace perigee::kafka {

class BrokerError : public std::runtime_error {
 public:
  BrokerError(ErrorCode code, const std::string& message)
      : std::runtime_error(message), code_(code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace perigee::kafka
