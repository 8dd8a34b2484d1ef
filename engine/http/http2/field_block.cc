#include "engine/http/http2/field_block.h"

#include <algorithm>
#include <charconv>

namespace perigee::http2 {

void FieldBlock::clear() {
  text_.clear();
  method_.clear();
  authority_.clear();
  path_.clear();
  status_ = 0;
  is_head_ = truncated_ = false;
}

void FieldBlock::add(std::string_view name, std::string_view value) {
  if (truncated_) return;
  if (name.starts_with(':')) return add_pseudo(name, value);
  if (text_.size() + path_.size() + name.size() + value.size() > max_size_) {
    truncated_ = true;
    return;
  }
  append_line(name, value);
}

// In one piece, as every response has several.
void FieldBlock::append_line(std::string_view name, std::string_view value) {
  constexpr std::string_view kColon = ": ";
  constexpr std::string_view kEnd = "\r\n";
  const size_t before = text_.size();
  text_.resize(before + name.size() + kColon.size() + value.size() + kEnd.size());
  char* to = text_.data() + before;
  for (const std::string_view part : {name, kColon, value, kEnd})
    to = std::copy(part.begin(), part.end(), to);
}

void FieldBlock::add_pseudo(std::string_view name, std::string_view value) {
  is_head_ = true;
  if (name == ":status") {
    std::from_chars(value.data(), value.data() + value.size(), status_);
  } else if (value.size() > max_size_) {
    truncated_ = true;
  } else if (name == ":method") {
    method_ = value;
  } else if (name == ":authority") {
    authority_ = value;
  } else if (name == ":path") {
    path_ = value;
  }
}

std::vector<Field> FieldBlock::fields() const {
  std::vector<Field> fields;
  std::string_view rest = text_;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    const size_t colon = line.find(": ");
    fields.push_back({line.substr(0, colon), line.substr(colon + 2)});
  }
  return fields;
}

}  // namespace perigee::http2
