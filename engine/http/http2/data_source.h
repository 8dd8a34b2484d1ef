// What one side of a stream sends behind its head: data, trailers, its end.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/http/http2/field.h"

namespace perigee::http2 {

// Asked for more whenever the peer's windows have room, so that data lies nowhere else meanwhile.
class DataSource {
 public:
  struct Ready {
    // What may be sent now. None, and not the last: nobody asks again before `Connection::resume`.
    std::string_view bytes{};
    bool last = false;                  // nothing comes behind these bytes
    std::span<const Field> trailers{};  // ... but for these
  };

  virtual ~DataSource() = default;
  // Stays the same until `taken`. May reset or forget its stream, and has nothing ready then.
  virtual Ready ready() = 0;
  // The first `size` of the bytes are on their way.
  virtual void taken(size_t size) = 0;
};

}  // namespace perigee::http2
