// What a server answers to one request, and how it goes out.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/http/server/body_stream.h"
#include "engine/http/server/upgraded.h"

namespace perigee::http {

// What becomes of the connection, and of the reply's form. HTTP/2 resets the stream where HTTP/1.1
// ends the connection.
enum class Delivery {
  kKeep,           // the connection stays, unless the client wants it closed
  kClose,          // says "Connection: close", then closes
  kCloseSilently,  // closes without having said so
  kHalf,           // sends half of the body it promises, then closes
  kGarbage,        // sends the body alone, which is not HTTP, then closes
  kReset,          // resets the connection without a reply
  kHang,           // never replies
};

struct Reply {
  int status = 200;
  std::string_view content_type;         // a literal; empty for none
  std::string fields;                    // further header lines, each with its CRLF
  std::string text;                      // the body, if it was made for this reply
  std::string_view lasting;              // else the body, which lives as long as the server
  std::unique_ptr<BodyStream> stream{};  // else the body goes out piece by piece
  Upgrade upgrade{};                     // with status 101, to a request that can be upgraded
  Instant due{};                         // not sent before
  Delivery delivery = Delivery::kKeep;

  std::string_view body() const { return text.empty() ? lasting : std::string_view(text); }
};

inline constexpr std::string_view kPlainText = "text/plain";
inline constexpr std::string_view kBodyTooLarge = "the body is too large";
inline constexpr std::string_view kHeadTooLarge = "the head of the request is too large";

// `text` as it is, with an end of the line.
Reply plain_reply(int status, std::string_view text);

// How a connection of HTTP/1.1 frames a reply to the request at hand.
struct Framing {
  bool head_only = false;  // the reply to HEAD
  bool close = false;      // the connection ends after this reply
  bool http10 = false;     // the client must be told if it does not
  bool chunked = false;    // the body's length is not known
};

// Appends status line and headers, with the empty line.
void append_head(std::string& out, const Reply& reply, const Framing& framing);

// Whether a reply's head says how long its body is.
bool has_length(const Reply& reply);

}  // namespace perigee::http
