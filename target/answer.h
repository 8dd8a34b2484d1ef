// What the target answers to one request, and how it goes out.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "target/body_stream.h"

namespace perigee {

// What becomes of the connection, and of the answer's form.
enum class Delivery {
  kKeep,           // the connection stays, unless the client wants it closed
  kClose,          // says "Connection: close", then closes
  kCloseSilently,  // closes without having said so
  kHalf,           // sends half of the body it promises, then closes
  kGarbage,        // sends the body alone, which is not HTTP, then closes
  kReset,          // resets the connection without an answer
  kHang,           // never answers
};

struct Answer {
  int status = 200;
  std::string_view content_type;         // a literal; empty for none
  std::string fields;                    // further header lines, each with its CRLF
  std::string text;                      // the body, if it was made for this answer
  std::string_view lasting;              // else the body, which lives as long as the server
  std::unique_ptr<BodyStream> stream{};  // else the body goes out piece by piece
  Instant due{};                         // not sent before
  Delivery delivery = Delivery::kKeep;

  std::string_view body() const { return text.empty() ? lasting : std::string_view(text); }
};

inline constexpr std::string_view kJsonType = "application/json";
inline constexpr std::string_view kPlainText = "text/plain";
inline constexpr std::string_view kBodyTooLarge = "the body is too large";
inline constexpr std::string_view kHeadTooLarge = "the head of the request is too large";

Answer json_answer(int status, std::string json);
// {"error": "..."}
Answer error_answer(int status, std::string_view message);

// How a connection frames an answer to the request at hand.
struct Framing {
  bool head_only = false;  // the answer to HEAD
  bool close = false;      // the connection ends after this answer
  bool http10 = false;     // the client must be told if it does not
  bool chunked = false;    // the body's length is not known
};

// Appends status line and headers, with the empty line.
void append_head(std::string& out, const Answer& answer, const Framing& framing);

}  // namespace perigee
