#include "engine/http/chunked_body.h"

#include <algorithm>
#include <limits>

namespace perigee::http {
namespace {

constexpr const char* kLineEnd = "a line of its chunked body does not end in CRLF";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

}  // namespace

void ChunkedBody::begin() {
  state_ = State::kSize;
  left_ = 0;
  digits_ = false;
  line_ = 0;
  error_ = nullptr;
  if (!trailers_.empty()) trailers_ = {};  // few bodies have any
}

std::string_view ChunkedBody::next(std::string_view& in) {
  while (!in.empty() && state_ != State::kEnded && error_ == nullptr) {
    if (state_ == State::kData) {
      const std::string_view piece = in.substr(0, std::min<uint64_t>(left_, in.size()));
      in.remove_prefix(piece.size());
      left_ -= piece.size();
      if (left_ == 0) state_ = State::kDataReturn;
      return piece;
    }
    if (++line_ > max_line_) fail("a line of its chunked body is too long");
    read(in.front());
    in.remove_prefix(1);
  }
  return {};
}

void ChunkedBody::read(char c) {
  switch (state_) {
    case State::kSize:
      return read_size(c);
    case State::kPadding:
      return read_padding(c);
    case State::kExtension:
      return read_extension(c);
    case State::kSizeLineFeed:
      if (c != '\n') return fail(kLineEnd);
      return end_size_line();
    case State::kDataReturn:
      if (c != '\r') return fail("a chunk is longer than its size");
      state_ = State::kDataLineFeed;
      return;
    case State::kDataLineFeed:
      return expect(c, '\n', State::kSize);
    case State::kTrailerLineFeed:
      trailers_ += c;
      return expect(c, '\n', State::kTrailer);
    case State::kLastLineFeed:
      return expect(c, '\n', State::kEnded);
    default:
      return read_trailer(c);
  }
}

void ChunkedBody::read_size(char c) {
  const int digit = hex_digit(c);
  if (digit < 0) {
    if (!digits_) return fail("a chunk's size is not a hexadecimal number");
    state_ = State::kPadding;
    return read_padding(c);
  }
  if (left_ > std::numeric_limits<uint64_t>::max() >> 4) return fail("a chunk's size is too large");
  left_ = left_ << 4 | static_cast<uint64_t>(digit);
  digits_ = true;
}

void ChunkedBody::read_padding(char c) {
  if (c == '\r') {
    state_ = State::kSizeLineFeed;
  } else if (c == ';') {
    state_ = State::kExtension;
  } else if (!is_blank(c)) {
    fail("a chunk's size is not a hexadecimal number");
  }
}

// No line end can stand in an extension, not even in quotes.
void ChunkedBody::read_extension(char c) {
  if (c == '\r') {
    state_ = State::kSizeLineFeed;
  } else if (is_control(c)) {
    fail(kLineEnd);
  }
}

void ChunkedBody::end_size_line() {
  state_ = left_ > 0 ? State::kData : State::kTrailer;
  digits_ = false;
  line_ = 0;
}

void ChunkedBody::read_trailer(char c) {
  const State state = state_;
  if (state != State::kTrailer || c != '\r') trailers_ += c;
  if (state == State::kTrailerValue) {
    if (c == '\r') {
      state_ = State::kTrailerLineFeed;
    } else if (is_control(c)) {
      fail(kLineEnd);
    }
  } else if (state == State::kTrailer && c == '\r') {
    state_ = State::kLastLineFeed;
  } else if (state == State::kTrailerName && c == ':') {
    state_ = State::kTrailerValue;
  } else if (c == ':' || is_blank(c) || is_control(c)) {
    fail("a field of its trailer is malformed");
  } else {
    state_ = State::kTrailerName;
  }
}

void ChunkedBody::expect(char c, char wanted, State next) {
  if (c != wanted) return fail(kLineEnd);
  if (next == State::kSize) line_ = 0;
  state_ = next;
}

}  // namespace perigee::http
