#include "engine/websocket/utf8_validator.h"

#include <cstring>
#include <utility>

namespace perigee::websocket {
namespace {

// Most text is ASCII: eight bytes are looked at together.
size_t ascii_prefix(std::string_view bytes) {
  constexpr uint64_t kHighBits = 0x8080'8080'8080'8080;
  size_t size = 0;
  for (uint64_t eight = 0; size + sizeof eight <= bytes.size(); size += sizeof eight) {
    std::memcpy(&eight, bytes.data() + size, sizeof eight);
    if ((eight & kHighBits) != 0) break;
  }
  return size;
}

}  // namespace

bool Utf8Validator::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (missing_ == 0) bytes.remove_prefix(ascii_prefix(bytes));
    if (bytes.empty()) return true;
    const auto byte = static_cast<uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    if (missing_ == 0) {
      if (!begin(byte)) return false;
    } else {
      if (byte < lowest_ || byte > highest_) return false;
      --missing_;
      lowest_ = 0x80;
      highest_ = 0xbf;
    }
  }
  return true;
}

// Longer forms than needed, surrogates and what lies beyond Unicode show in the second byte.
bool Utf8Validator::begin(uint8_t byte) {
  if (byte < 0x80) return true;
  if (byte < 0xc2 || byte > 0xf4) return false;
  missing_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  if (byte == 0xe0) lowest_ = 0xa0;
  if (byte == 0xed) highest_ = 0x9f;
  if (byte == 0xf0) lowest_ = 0x90;
  if (byte == 0xf4) highest_ = 0x8f;
  return true;
}

bool Utf8Validator::finish() {
  return std::exchange(*this, {}).missing_ == 0;
}

bool is_utf8(std::string_view text) {
  Utf8Validator validator;
  return validator.feed(text) && validator.finish();
}

}  // namespace perigee::websocket
