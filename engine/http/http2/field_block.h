// The fields of one head, or of trailers, as they come from the peer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/http2/field.h"

namespace perigee::http2 {

// Keeps them as the lines of HTTP/1.1, which is how most users want them; pseudo-fields stand
// apart.
class FieldBlock {
 public:
  // Fields beyond `max_size` bytes are not kept.
  explicit FieldBlock(size_t max_size) : max_size_(max_size) {}

  void clear();
  void add(std::string_view name, std::string_view value);

  // It is a head and not trailers, which have no pseudo-fields.
  bool is_head() const { return is_head_; }
  // Some fields were not kept.
  bool truncated() const { return truncated_; }

  // Of a response; 0 if it is no number.
  int status() const { return status_; }
  // Of a request.
  std::string_view method() const { return method_; }
  std::string_view authority() const { return authority_; }
  std::string_view path() const { return path_; }

  // "name: value\r\n" for each other field, in the order in which they came.
  std::string_view text() const { return text_; }
  // The same one by one; views into the block.
  std::vector<Field> fields() const;

 private:
  void append_line(std::string_view name, std::string_view value);
  void add_pseudo(std::string_view name, std::string_view value);

  const size_t max_size_;
  std::string text_;
  std::string method_, authority_, path_;
  int status_ = 0;
  bool is_head_ = false;
  bool truncated_ = false;
};

}  // namespace perigee::http2
