// A body that goes out piece by piece, each at an instant of its own.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/clock.h"

namespace perigee::http {

class BodyStream {
 public:
  virtual ~BodyStream() = default;
  // Whether all pieces have been taken.
  virtual bool over() const = 0;
  // Until then: the next piece is not sent before.
  virtual Instant due() const = 0;
  // Appends the next piece, which is handed to the kernel at `now`.
  virtual void take(std::string& out, Instant now) = 0;
  // Header lines, each with its CRLF, that follow the last piece.
  virtual std::string_view trailers() const { return {}; }
};

}  // namespace perigee::http
