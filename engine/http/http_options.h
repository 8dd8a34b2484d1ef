// How a run's HTTP requests are made unless a request says otherwise.
#pragma once

#include <cstdint>
#include <string>

namespace perigee::http {

// What of requests and answers is written to the log.
enum class HttpDebugLevel { kOff, kHeaders, kFull };

struct HttpOptions {
  int64_t max_redirects = 10;  // 0: none is followed
  // Requests of one http.batch that are on their way at a time, in all and to one host; 0: no
  // limit.
  int64_t batch = 20;
  int64_t batch_per_host = 6;
  int64_t rps = 0;         // requests per second of the whole run; 0: no limit
  std::string user_agent;  // empty: the default
  bool no_connection_reuse = false;
  bool no_vu_connection_reuse = false;  // idle connections are closed after each iteration
  bool throws = false;                  // a failed request raises an error
  bool discard_response_bodies = false;
  HttpDebugLevel debug = HttpDebugLevel::kOff;
  bool traceparent = false;       // requests carry a header for traces, calls of gRPC, too
  bool no_cookies_reset = false;  // cookies stay from one iteration to the next
};

}  // namespace perigee::http
