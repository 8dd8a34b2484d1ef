// The extension permessage-deflate (RFC 7692): what one side offers and the other agrees to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace perigee::websocket {

inline constexpr int kMostWindowBits = 15;

// How messages are packed in both directions.
struct DeflateParameters {
  // Each message is packed by itself, without a context from those before it: no memory per
  // connection.
  bool server_no_context_takeover = true;
  bool client_no_context_takeover = true;
  int server_max_window_bits = kMostWindowBits;  // from 8
  int client_max_window_bits = kMostWindowBits;

  bool operator==(const DeflateParameters&) const = default;
};

// The value of Sec-WebSocket-Extensions by which a client offers it.
std::string deflate_offer(const DeflateParameters& offered);

// Reads a server's answer to an offer. On failure returns nothing and says why in `error`.
std::optional<DeflateParameters> read_deflate_answer(std::string_view extensions,
                                                     const DeflateParameters& offered,
                                                     std::string& error);

// The server's side: agrees to the first offer it understands, and writes its answer. Nothing if
// there is none.
std::optional<DeflateParameters> accept_deflate_offer(std::string_view extensions,
                                                      std::string& answer);

}  // namespace perigee::websocket
