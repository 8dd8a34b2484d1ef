// Cuts a stream of bytes into lines, however the bytes come.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/limits.h"

namespace perigee::http {

// A line ends with LF, CR or both, as in server-sent events.
class LineSplitter {
 public:
  explicit LineSplitter(size_t longest = limits::kStreamItem) : longest_(longest) {}

  // Takes bytes off the front of `bytes`, up to the end of a line at most. True if that completed
  // one: `line` is it, without its end, for as long as `bytes` lie where they are and until the
  // next call.
  bool take(std::string_view& bytes);
  std::string_view line() const { return line_; }

  // There are no more bytes. True if they ended in the middle of a line, which is `line` then.
  bool finish();

  // The line at hand is longer than is allowed; nothing more must be taken.
  bool too_long() const { return too_long_; }

  // As after construction; keeps the memory, unless it is a lot.
  void reset();

 private:
  std::string begun_;  // a line whose end has not come
  std::string_view line_;
  size_t longest_;
  bool told_ = false;      // `begun_` is `line_`
  bool after_cr_ = false;  // an LF that comes now belongs to the line before
  bool too_long_ = false;
};

}  // namespace perigee::http
