// Sends a streamed body over HTTP/1.1: as it is if its length was told, else in chunks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/http/body_source.h"
#include "engine/net/stream.h"

namespace perigee::http {

// For one request, whose head has been sent. The stream and the source outlive it.
class Http1BodyWriter {
 public:
  enum class Progress {
    kSent,     // the kernel has all of it
    kWaiting,  // until the stream has sent what it was given
    kPaused,   // others shall have a turn; to be gone on with on a later one
    kFailed,   // see `error`
  };

  Http1BodyWriter(Stream& stream, BodySource& source)
      : stream_(stream), source_(source), size_(source.size()) {}

  // Writes what the kernel takes. Called again after kWaiting, when the stream has sent, and after
  // kPaused.
  Progress go_on();
  const Error& error() const { return error_; }

 private:
  Progress fail(std::string text);
  // False: the stream has to send first.
  bool write(std::string_view bytes);
  bool end();

  Stream& stream_;
  BodySource& source_;
  const std::optional<uint64_t> size_;
  uint64_t written_ = 0;
  std::string frame_;  // what stands before a chunk
  bool over_ = false;
  Error error_;
};

}  // namespace perigee::http
