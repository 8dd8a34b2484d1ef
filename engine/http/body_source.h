// A request body that is made while it is sent, so that nobody holds the whole of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/http/response.h"

namespace perigee::http {

// Used on its client's thread. Belongs to whoever starts the request and lives until its end.
class BodySource {
 public:
  struct Piece {
    std::string_view bytes;  // stay where they are until the next call; none: the body is over
    Error error{};           // why there is no more to send: the request fails
  };

  virtual ~BodySource() = default;
  // Bytes in all; nothing if that is not known: then it is sent in chunks.
  virtual std::optional<uint64_t> size() const = 0;
  // Called when the kernel has taken what came before.
  virtual Piece next() = 0;
  // Begins from the start again, for another try. False if it can't.
  virtual bool rewind() = 0;
};

}  // namespace perigee::http
