// Sends a streamed body over HTTP/1.1: as it is if its length was told, else in chunks.
#pragma once

#include <string>
#include <string_view>

#include "engine/http/measured_body.h"
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

  Http1BodyWriter(Stream& stream, BodySource& source) : stream_(stream), body_(source) {}

  // Writes what the kernel takes. Called again after kWaiting, when the stream has sent, and after
  // kPaused.
  Progress go_on();
  const Error& error() const { return error_; }

 private:
  // False: the stream has to send first. `first`: no piece came before.
  bool write(std::string_view bytes, bool first);
  bool end(bool first);

  Stream& stream_;
  MeasuredBody body_;
  std::string frame_;  // what stands before a chunk
  bool over_ = false;
  Error error_;
};

}  // namespace perigee::http
