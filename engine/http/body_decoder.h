// Takes the compression off response bodies.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/limits.h"
#include "engine/http/content_coding.h"
#include "engine/http/content_decoder.h"
#include "engine/http/response.h"

namespace perigee::http {

// Keeps the decoders' memory for the next body: one per worker, made on first use.
class BodyDecoder {
 public:
  // Decodes `body` in place as `content_encoding` ("gzip, br") tells, the last coding first. Stops
  // at one it does not know and leaves the rest as it is; an empty body stays empty. The error is
  // 1701: the body is broken, or grows beyond `max_size`; `body` is then as it came.
  Error decode(std::string_view content_encoding, std::string& body,
               size_t max_size = limits::kResponseBody);

 private:
  // Decodes `in` into `out` and returns what is wrong with it, or null.
  const char* decode_one(ContentCoding coding, std::string_view in, std::string& out, size_t max);
  ContentDecoder& decoder(ContentCoding coding);

  std::array<std::unique_ptr<ContentDecoder>, kContentCodingKinds> decoders_;
};

}  // namespace perigee::http
