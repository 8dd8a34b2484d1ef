// Bodies to be compressed, and compressed ones.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/http/content_coding.h"

namespace perigee {

// Events of which no two are the same: so many bytes of them.
inline std::string text_of_size(size_t size) {
  std::string text;
  for (size_t i = 0; text.size() < size; ++i)
    text += "data: " + std::to_string(i * i) + "\n\n";
  text.resize(size);
  return text;
}

// As a server sends it with this Content-Encoding header, e.g. "gzip, br".
inline std::string encoded(std::string_view encoding, std::string_view body) {
  return http::encode_body(http::parse_content_codings(encoding), body);
}

}  // namespace perigee
