// The refusal of a request for what its body says. It never leaves the function that answers the
// request.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace perigee {

// Says what is wrong with the request, by the names its sender used; becomes a 400.
class BadRequest : public std::runtime_error {
 public:
  explicit BadRequest(const std::string& message, std::string field = {})
      : std::runtime_error(message), field_(std::move(field)) {}

  // The field of the request that is wrong, where the API's errors name one; else empty.
  const std::string& field() const { return field_; }

 private:
  std::string field_;
};

}  // namespace perigee
