// Takes all codings off a streamed answer, as much at a time as is wanted.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/content_decoder.h"
#include "engine/http/response.h"

namespace perigee::http {

// What it holds does not depend on how much the bytes stand for.
class StreamDecoder {
 public:
  // As a Content-Encoding header says ("gzip, br"). A coding that is none of ours stays on, with
  // all beneath it. Null if there is nothing to take off.
  static std::unique_ptr<StreamDecoder> make(std::string_view content_encoding);

  // Takes bytes off the front of `in` and puts text they stand for in place of `out`, up to
  // `limits::kDecodedPiece` bytes. False if there is none: more bytes are needed, or there is an
  // error.
  bool decode(std::string_view& in, std::string& out);
  // 1701: the bytes are broken, or are too many codings.
  const Error& error() const { return error_; }
  // There are no more bytes. 1701 if they ended in the middle.
  Error finish() const;

 private:
  struct Stage {
    ContentCoding coding;
    std::unique_ptr<ContentDecoder> decoder;
    std::string buffer{};   // what the stage before has given; the first one has none
    std::string_view in{};  // the rest of it
    bool begun = false;     // has been given something
    bool full = false;      // may make more of what it was given
  };

  // Fills `out` from the front with what the stage makes and returns how much of it that is; the
  // first stage takes from `in`.
  size_t pull(size_t index, std::string_view& in, std::span<uint8_t> out);
  size_t run(Stage& stage, std::string_view& in, std::span<uint8_t> out);

  std::vector<Stage> stages_;  // the outermost coding first
  Error error_;
};

}  // namespace perigee::http
