// The text of a streamed answer that its script has not read.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/http/response.h"
#include "engine/http/stream_decoder.h"
#include "engine/http/unread_bytes.h"

namespace perigee::http {

// Bytes as they arrive, and the text that they stand for. Codings are taken off when the text is
// asked for, piece by piece, so that bytes which stand for a lot take no more memory than others.
class UnreadText {
 public:
  // An answer with this Content-Encoding header begins, "" if there is none. Forgets the last one.
  void begin(std::string_view content_encoding);
  void append(std::string_view bytes, Instant at) { bytes_.append(bytes, at); }

  // Bytes that are held, with and without their codings.
  size_t size() const { return bytes_.size() + text_.size() - read_; }

  // Whether there is text by now.
  bool ready();
  // The oldest piece, or what is left of it, and when the bytes arrived that it took. Needs one.
  // The view ends with the next call that is not const.
  std::string_view front() const;
  Instant arrived() const { return decoder_ ? at_ : bytes_.arrived(); }
  // Takes text off the oldest piece.
  void take(size_t count);

  // 1701: the bytes can't be decoded; there will be no more text.
  Error error() const { return decoder_ ? decoder_->error() : Error{}; }
  // 1701: the answer is over, all its text has been taken, and there should be more.
  Error finish() const { return decoder_ ? decoder_->finish() : Error{}; }

  // Drops all of it.
  void clear();

 private:
  // Makes the next piece of text. False if there are too few bytes.
  bool decode();

  UnreadBytes bytes_;
  std::unique_ptr<StreamDecoder> decoder_;  // null: the bytes are the text
  std::string text_;
  size_t read_ = 0;  // of `text_`
  Instant at_{};     // the last byte decoded
};

}  // namespace perigee::http
