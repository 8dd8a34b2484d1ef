// Whether text that comes in pieces is UTF-8.
#pragma once

#include <cstdint>
#include <string_view>

namespace perigee::websocket {

class Utf8Validator {
 public:
  // False as soon as no continuation could make the text valid; nothing more may be fed then.
  bool feed(std::string_view bytes);
  // The text may end here. Forgets it.
  bool finish();

 private:
  bool begin(uint8_t byte);

  uint8_t missing_ = 0;  // bytes of the character at hand
  // What the next of them may be.
  uint8_t lowest_ = 0x80;
  uint8_t highest_ = 0xbf;
};

// The same for a text that is whole.
bool is_utf8(std::string_view text);

}  // namespace perigee::websocket
