// A request's head as HTTP/2's fields, made from the text that HTTP/1.1 sends.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"
#include "engine/http/http2/field.h"

namespace perigee::http {

// Remembers the last heads: most requests repeat word for word, and comparing costs a fraction of
// reading. One per client.
class Http2Fields {
 public:
  // The pseudo-fields come first, names are in lower case, and what concerns one connection of
  // HTTP/1.1 only is left out. Valid until the next call.
  std::span<const http2::Field> of(std::string_view head, bool tls);

 private:
  struct Entry {
    std::string text;
    std::string names;  // in lower case, what `fields` points into
    std::vector<http2::Field> fields;

    void read(std::string_view head);
    void add(std::string_view name, std::string_view value);
  };

  std::array<std::unique_ptr<Entry>, limits::kHttp2Heads> entries_;
};

}  // namespace perigee::http
