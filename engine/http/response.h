// What comes back for a request: parts as they arrive, and how it ended. A failure is a value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "engine/net/address.h"
#include "engine/net/tls_parameters.h"

namespace perigee::http {

// Where the time of a request went; k6's definitions. All zero for a phase that did not happen.
struct Timings {
  Duration blocked{};     // from the start until a connection was there: DNS and connect included
  Duration connecting{};  // TCP; zero on a kept connection
  Duration tls_handshaking{};
  Duration sending{};
  Duration waiting{};  // from the last byte sent to the first received
  Duration receiving{};

  Duration duration() const { return sending + waiting + receiving; }
};

// k6's error numbers, as far as they exist here.
enum class ErrorCode : int {
  kNone = 0,
  kGeneric = 1000,
  kInvalidUrl = 1020,
  kRequestTimeout = 1050,
  kDns = 1100,
  kNoSuchHost = 1101,
  kBlockedIp = 1110,
  kBlockedHostname = 1111,
  kTcp = 1200,
  kBrokenPipe = 1201,
  kUnknownErrno = 1202,
  kDial = 1210,
  kDialTimeout = 1211,
  kDialRefused = 1212,
  kDialErrno = 1213,
  kReset = 1220,
  kTls = 1300,
  kNotTls = 1301,
  kUnknownAuthority = 1310,
  kWrongHost = 1311,
  // Of HTTP/2: a known code c is told as the number plus 1 plus c.
  kHttp2GoAway = 1610,
  kHttp2Stream = 1630,
  kHttp2Connection = 1650,
  kDecompression = 1701,
};

// Why a request has no (whole) answer. HTTP statuses of 400 and above are no errors here; the
// metrics give them k6's numbers 1400 to 1599.
struct Error {
  ErrorCode code = ErrorCode::kNone;
  std::string text;

  explicit operator bool() const { return code != ErrorCode::kNone; }
};

// As the response says it.
enum class HttpVersion : uint8_t { kHttp10, kHttp11, kHttp2 };

// "HTTP/1.1": the names that k6 gives them.
std::string_view version_name(HttpVersion version);

struct ResponseHead {
  int status = 0;
  std::string_view reason{};
  std::string_view fields{};  // "Name: value\r\n" lines, as they came
  HttpVersion version = HttpVersion::kHttp11;
};

// How far a request had come that was cancelled.
struct CutOff {
  bool sent = false;     // whole: the server has seen it or will
  uint32_t retries = 0;  // as in `Outcome`
};

// The end of an exchange.
struct Outcome {
  Error error;
  Timings timings;
  Instant started{};
  Instant ended{};
  Address remote;  // empty if no connection was made
  TlsParameters tls;
  uint32_t retries = 0;  // times the request was sent again on a fresh connection
};

// Receives one exchange in parts, on the worker's thread, on later turns than `Client::start`:
// on_head once (not if it failed before), on_body any number of times, on_trailers at most once,
// on_end exactly once.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  virtual void on_head(const ResponseHead& head) = 0;
  // The view ends with the call; `at` is when the bytes were read.
  virtual void on_body(std::string_view bytes, Instant at) = 0;
  // The fields behind the body, as in `ResponseHead`; not called where there are none.
  virtual void on_trailers(std::string_view /*fields*/) {}
  // The exchange is gone when this is called; a new one may be started from within.
  virtual void on_end(const Outcome& outcome) = 0;
  // The request has reached no server, and neither have many before it: whether its end may be
  // reported `pause` later.
  virtual bool may_pause(Duration /*pause*/) { return false; }
};

// A whole response, for requests that want nothing earlier.
struct Response {
  int status = 0;  // 0 if there was no whole answer
  HttpVersion version = HttpVersion::kHttp11;
  std::string reason;
  std::string fields;
  std::string trailers;    // the same behind the body
  std::string body;        // as it came over the wire
  uint64_t body_size = 0;  // also of a body that was not kept
  Outcome outcome;

  // Forgets the content and keeps the memory, unless it is a lot.
  void clear();
};

// Puts a response together of what a sink hears.
class ResponseCollector {
 public:
  // Bodies are counted but not kept when `keep_body` is false; a kept one of more than `max_body`
  // bytes makes the request fail.
  void begin(bool keep_body, size_t max_body = limits::kResponseBody);

  void add_head(const ResponseHead& head);
  void add_body(std::string_view bytes);
  void add_trailers(std::string_view fields);
  // Nothing follows: the response is whole, or has failed.
  Response& end(const Outcome& outcome);

  // What has come by now.
  Response& response() { return response_; }
  const Response& response() const { return response_; }

 private:
  Response response_;
  bool keep_body_ = true;
  size_t max_body_ = limits::kResponseBody;
};

}  // namespace perigee::http
