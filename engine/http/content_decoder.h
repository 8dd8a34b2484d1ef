// Takes one coding off a body, however its bytes come.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "engine/http/content_coding.h"
#include "engine/http/response.h"

namespace perigee::http {

// What can be wrong with a body beside its bytes.
inline constexpr const char* kDataEndsEarly = "unexpected end of the data";
inline constexpr const char* kTooManyCodings = "too many codings";

// 1701: the body is not what its header says.
Error decompression_error(ContentCoding coding, const char* problem);

class ContentDecoder {
 public:
  static std::unique_ptr<ContentDecoder> make(ContentCoding coding);

  ContentDecoder() = default;
  virtual ~ContentDecoder() = default;
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  // Takes bytes off the front of `in` and writes what they stand for to the front of `out`, of
  // which the rest is left. There may be more to come of the same bytes until room is left and `in`
  // is empty. Returns what is wrong with the data, or null; nothing more must be decoded then.
  virtual const char* decode(std::string_view& in, std::span<uint8_t>& out) = 0;
  // The data may end here.
  virtual bool ended() const = 0;
  // As after construction; keeps its memory where it can.
  virtual void reset() = 0;
};

}  // namespace perigee::http
