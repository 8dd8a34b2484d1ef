// A body in chunks (RFC 9112, 7.1), taken apart as it arrives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace perigee::http {

// llhttp reads such bodies too, but refuses much of what may stand behind a chunk's size, and
// blanks that servers pad it with. Extensions are passed over whatever they say, as in Go's client
// and curl. Line ends must be CRLF.
class ChunkedBody {
 public:
  // Size lines and trailers of more than `max_line` bytes are an error.
  explicit ChunkedBody(size_t max_line) : max_line_(max_line) {}

  // Before the first chunk of the next body.
  void begin();
  // Takes bytes off the front of `in`, up to the end of the body at most. Returns those of a chunk;
  // there may be more in `in` until it is empty, the body has ended or there is an error.
  std::string_view next(std::string_view& in);

  // The fields behind the last chunk as "Name: value\r\n" lines, once the body has ended.
  std::string_view trailers() const { return trailers_; }
  bool ended() const { return state_ == State::kEnded; }
  // Why the bytes are no such body; null while they are.
  const char* error() const { return error_; }

 private:
  enum class State : uint8_t {
    kSize,
    kPadding,
    kExtension,
    kSizeLineFeed,
    kData,
    kDataReturn,
    kDataLineFeed,
    kTrailer,  // where a field of it may begin
    kTrailerName,
    kTrailerValue,
    kTrailerLineFeed,
    kLastLineFeed,
    kEnded
  };

  void read(char c);
  void read_size(char c);
  void read_padding(char c);
  void read_extension(char c);
  void read_trailer(char c);
  void end_size_line();
  void expect(char c, char wanted, State next);
  void fail(const char* reason) { error_ = reason; }

  const size_t max_line_;
  State state_ = State::kSize;
  uint64_t left_ = 0;    // of the chunk's bytes, or of its size as far as it is read
  bool digits_ = false;  // the size has some
  size_t line_ = 0;      // bytes of the line, or of the trailer
  const char* error_ = nullptr;
  std::string trailers_;
};

}  // namespace perigee::http
