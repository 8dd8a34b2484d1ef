// A request's start line and headers as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/proxy.h"
#include "engine/http/request.h"

namespace perigee::http {

// What else there is to know of a request once its head is written.
struct RequestHead {
  std::string error;  // why it can't be sent: a header or method that would break the protocol
  bool expects_no_body = false;  // HEAD
  bool tells_length = false;     // also of a body that is not there
  bool idempotent = false;       // the server may see it twice
  bool close = false;            // it says "Connection: close"
};

// What the client adds to requests.
struct HeadSettings {
  std::string_view user_agent{};
  const Proxy* proxy = nullptr;  // asked for the whole URL
  bool close = false;            // adds "Connection: close"
};

// Writes the head of `request` for HTTP/1.1 into `out`, whose memory is used again, without its
// length and its end. Host, User-Agent, Authorization (of the URL's credentials) and
// Proxy-Authorization are the client's unless the script gave its own; Content-Length and
// Transfer-Encoding always are.
RequestHead write_request_head(std::string& out, const Request& request,
                               const HeadSettings& settings);
// Adds the length of the body, where it is to be told, and the empty line that ends the head. A
// body without a length comes in chunks.
void end_request_head(std::string& out, const RequestHead& head, std::optional<uint64_t> body_size);

}  // namespace perigee::http
