// Logs what requests and their responses look like on the wire: --http-debug.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/log.h"
#include "engine/http/response.h"

namespace perigee::http {

// One per worker; used by its thread only.
class HttpDebug {
 public:
  // With `bodies`, those are logged too, not only heads. `kind` is what the log calls the exchanges
  // beside others, e.g. "WebSocket "; a literal. The log must outlive it.
  HttpDebug(Log& log, bool bodies, std::string_view kind = {})
      : log_(log), bodies_(bodies), kind_(kind) {}

  bool bodies() const { return bodies_; }
  // The number of the next exchange.
  uint64_t next_number() { return ++requests_; }
  // Logs what the exchange of that number has for `what`, e.g. "Request".
  void write(std::string_view what, uint64_t number, std::string_view text);

 private:
  Log& log_;
  const bool bodies_;
  const std::string_view kind_;
  uint64_t requests_ = 0;
};

// One exchange as the log is to have it: the request at once, the response when it is over.
class ExchangeTrace {
 public:
  // `head` is the request's in the form of HTTP/1.1; bytes of the body may be part of it.
  ExchangeTrace(HttpDebug& debug, std::string_view head, std::string_view body);

  void on_head(const ResponseHead& head);
  void on_body(std::string_view bytes);
  void on_trailers(std::string_view fields);
  // `error` is why there is no whole answer, if so.
  void on_end(const Error& error);

 private:
  HttpDebug& debug_;
  const uint64_t number_;
  std::string head_;  // of the response
  std::string body_;  // the beginning
  std::string trailers_;
  size_t body_size_ = 0;
};

// A head for people to read: lines end in "\n", and what headers hold that are secrets by their
// names is replaced by ***.
std::string readable_head(std::string_view head);
// The same of fields alone, without a line before them.
std::string readable_fields(std::string_view fields);

}  // namespace perigee::http
