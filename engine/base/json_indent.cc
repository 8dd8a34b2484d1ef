#include "engine/base/json_indent.h"

#include <utility>

namespace perigee {
namespace {

// Behind the closing quotation mark of the string that begins at `begin`.
size_t end_of_string(std::string_view text, size_t begin) {
  size_t at = begin + 1;
  while (at < text.size() && text[at] != '"')
    at += text[at] == '\\' ? 2 : 1;
  return at + 1;
}

class Indenter {
 public:
  Indenter(std::string_view compact, int width)
      : text_(compact), width_(static_cast<size_t>(width)) {}

  std::string run() {
    while (at_ < text_.size())
      step();
    return std::move(out_);
  }

 private:
  void step() {
    const char now = text_[at_];
    if (now == '"') return copy(end_of_string(text_, at_) - at_);
    if (now == '{' || now == '[') return open();
    if (now == '}' || now == ']') return close();
    copy(1);
    if (now == ',') new_line();
    if (now == ':') out_ += ' ';
  }

  void copy(size_t count) {
    out_ += text_.substr(at_, count);
    at_ += count;
  }

  void open() {
    const bool empty = at_ + 1 < text_.size() && (text_[at_ + 1] == '}' || text_[at_ + 1] == ']');
    if (empty) return copy(2);
    ++depth_;
    copy(1);
    new_line();
  }

  void close() {
    --depth_;
    new_line();
    copy(1);
  }

  void new_line() {
    out_ += '\n';
    out_.append(depth_ * width_, ' ');
  }

  std::string_view text_;
  const size_t width_;
  size_t at_ = 0;
  size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string indent_json(std::string_view compact, int width) {
  return Indenter(compact, width).run();
}

}  // namespace perigee
