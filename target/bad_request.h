// The refusal of an inference request. It never leaves the function that answers the request.
#pragma once

#include <stdexcept>
#include <string>

namespace perigee {

// Says what is wrong with the request, by the names its sender used; becomes a 400.
class BadRequest : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace perigee
