// HTTP/1.1 messages from bytes, for the client's responses and the target's requests alike. The one
// place that knows llhttp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/chunked_body.h"

namespace perigee::http {

// The start line and the header block of one message. Views end with the call that passes them.
struct Http1Head {
  int status = 0;           // responses
  std::string_view reason;  // responses: "Not Found"
  std::string_view method;  // requests: "POST"
  std::string_view target;  // requests: "/v2/models/iris/infer?x=1"
  std::string_view fields;  // "Name: value\r\n" lines, as they came, without the blank line
  int minor_version = 1;    // HTTP/1.x
  bool keep_alive = true;   // the connection may carry another message
  bool chunked = false;     // the body comes in chunks
  std::optional<uint64_t> content_length;
};

class Http1Parser {
 public:
  enum class Role { kClient, kServer };

  // Receives a message in parts. Must not destroy the parser from within.
  class Events {
   public:
    virtual ~Events() = default;
    virtual void on_head(const Http1Head& head) = 0;
    virtual void on_body(std::string_view bytes) = 0;
    // The fields behind a body in chunks, as in `Http1Head`; not called where there are none.
    virtual void on_trailers(std::string_view /*fields*/) {}
    virtual void on_message_end() = 0;
  };

  // Heads of more than `max_head` bytes are an error.
  Http1Parser(Role role, Events& events, size_t max_head);
  ~Http1Parser();
  Http1Parser(const Http1Parser&) = delete;
  Http1Parser& operator=(const Http1Parser&) = delete;

  // Reads from `bytes` to the end of the current message at most; returns how many it took. Takes
  // nothing more once it has failed.
  size_t feed(std::string_view bytes);

  // The peer has closed the stream: ends a body that reaches until there. False if a message was
  // cut off in the middle.
  bool finish();

  // The next response answers a HEAD request: whatever its length says, it has no body.
  void expect_no_body() { no_body_ = true; }

  // Nothing of a message has been read since the last one ended.
  bool idle() const { return phase_ == Phase::kHead && !begun_; }
  // Why the bytes are not HTTP/1.1; empty while they are.
  const std::string& error() const { return error_; }

 private:
  enum class Phase { kHead, kBody, kChunks };
  struct Machine;  // llhttp's
  struct Callbacks;

  bool bodiless(int status);
  size_t take_head(std::string_view bytes, size_t length);
  size_t take_partial(std::string_view bytes);
  size_t take_chunks(std::string_view bytes);
  bool chunked() const;
  void end_message();
  size_t fail(std::string_view bytes, const char* reason);
  void emit_head(std::string_view text);

  std::unique_ptr<Machine> parser_;
  Events& events_;
  const Role role_;
  const size_t max_head_;
  Phase phase_ = Phase::kHead;
  bool begun_ = false;   // bytes of the current message have been seen
  bool paused_ = false;  // a callback has stopped llhttp at a boundary
  bool ended_ = false;   // ... at the end of a message
  bool no_body_ = false;
  ChunkedBody chunks_;
  std::string head_;  // a head that came in more than one piece
  std::string error_;
};

}  // namespace perigee::http
