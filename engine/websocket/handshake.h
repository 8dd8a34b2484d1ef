// The opening handshake of RFC 6455, as headers of an HTTP request and of its answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/random_generator.h"
#include "engine/http/http1_parser.h"
#include "engine/http/request.h"
#include "engine/websocket/permessage_deflate.h"

namespace perigee::websocket {

// What a client asks for.
struct Offer {
  std::vector<std::string> subprotocols;  // in the order of preference
  std::optional<DeflateParameters> deflate;
};

// What both sides have agreed on.
struct Agreement {
  std::string subprotocol;  // empty if none
  std::optional<DeflateParameters> deflate;
};

// The random value of Sec-WebSocket-Key, and the answer that proves it was read.
std::string make_key(RandomGenerator& random);
std::string accept_key(std::string_view key);

// The client's own headers of a handshake; they point to what they are made of.
class HandshakeHeaders {
 public:
  HandshakeHeaders(std::string_view key, const Offer& offer);
  ~HandshakeHeaders() = default;
  HandshakeHeaders(const HandshakeHeaders&) = delete;
  HandshakeHeaders& operator=(const HandshakeHeaders&) = delete;

  const std::vector<http::Header>& fields() const { return fields_; }

 private:
  std::string subprotocols_;
  std::string extensions_;
  std::vector<http::Header> fields_;
};

// Whether a request's header of this name is the handshake's own.
bool is_handshake_header(std::string_view name);

// Reads the server's answer. On failure returns nothing and says why in `error`.
std::optional<Agreement> read_handshake_answer(const http::Http1Head& head, std::string_view key,
                                               const Offer& offer, std::string& error);

// The server's side: what it agrees to (never a subprotocol) and the headers of its answer 101, or
// nothing, and why, if the request is no handshake.
std::optional<Agreement> accept_handshake(std::string_view fields, std::string& answer,
                                          std::string& error);

}  // namespace perigee::websocket
