#include "engine/websocket/handshake.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/sha.h>

#include "engine/base/base64.h"
#include "engine/http/header_fields.h"

namespace perigee::websocket {
namespace {

using http::find_field;
using http::joined_fields;
using http::same_ignoring_case;

// Whether one of a header's values, separated by commas, is this word.
bool has_token(std::string_view fields, std::string_view name, std::string_view word) {
  http::HeaderFields header(fields);
  while (const auto value = header.next(name)) {
    std::string_view rest = *value;
    while (!rest.empty()) {
      const size_t end = rest.find(',');
      if (same_ignoring_case(http::trim(rest.substr(0, end)), word)) return true;
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
  return false;
}

// Why this answer opens no WebSocket; empty if it does.
std::string refusal(const http::Http1Head& head, std::string_view key) {
  if (head.status != 101) {
    return fmt::format("the server answered {} {} instead of 101 Switching Protocols", head.status,
                       head.reason);
  }
  if (!has_token(head.fields, "Upgrade", "websocket")) {
    return "the answer has no \"Upgrade: websocket\"";
  }
  if (!has_token(head.fields, "Connection", "Upgrade")) {
    return "the answer has no \"Connection: Upgrade\"";
  }
  const auto accept = find_field(head.fields, "Sec-WebSocket-Accept");
  if (!accept) return "the answer has no Sec-WebSocket-Accept";
  if (*accept != accept_key(key)) {
    return "the answer's Sec-WebSocket-Accept does not belong to this request";
  }
  return {};
}

}  // namespace

std::string make_key(RandomGenerator& random) {
  std::array<char, 16> bytes{};
  for (size_t i = 0; i < bytes.size(); i += sizeof(uint64_t)) {
    const uint64_t eight = random();
    std::memcpy(bytes.data() + i, &eight, sizeof eight);
  }
  return encode_base64({bytes.data(), bytes.size()});
}

std::string accept_key(std::string_view key) {
  constexpr std::string_view kSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const std::string text = fmt::format("{}{}", key, kSuffix);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return encode_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

HandshakeHeaders::HandshakeHeaders(std::string_view key, const Offer& offer)
    : subprotocols_(fmt::format("{}", fmt::join(offer.subprotocols, ", "))),
      extensions_(offer.deflate ? deflate_offer(*offer.deflate) : "") {
  fields_ = {{"Upgrade", "websocket"},
             {"Connection", "Upgrade"},
             {"Sec-WebSocket-Key", key},
             {"Sec-WebSocket-Version", "13"}};
  if (!subprotocols_.empty()) fields_.push_back({"Sec-WebSocket-Protocol", subprotocols_});
  if (!extensions_.empty()) fields_.push_back({"Sec-WebSocket-Extensions", extensions_});
}

bool is_handshake_header(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames{"Upgrade",
                                                   "Connection",
                                                   "Sec-WebSocket-Key",
                                                   "Sec-WebSocket-Version",
                                                   "Sec-WebSocket-Protocol",
                                                   "Sec-WebSocket-Extensions"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [name](std::string_view own) { return same_ignoring_case(own, name); });
}

std::optional<Agreement> read_handshake_answer(const http::Http1Head& head, std::string_view key,
                                               const Offer& offer, std::string& error) {
  error = refusal(head, key);
  if (!error.empty()) return std::nullopt;
  Agreement agreement;
  if (const auto chosen = find_field(head.fields, "Sec-WebSocket-Protocol")) {
    const auto& offered = offer.subprotocols;
    if (std::find(offered.begin(), offered.end(), *chosen) == offered.end()) {
      error =
          fmt::format("the server chose the subprotocol \"{}\", which was not offered", *chosen);
      return std::nullopt;
    }
    agreement.subprotocol = *chosen;
  }
  const std::string extensions = joined_fields(head.fields, "Sec-WebSocket-Extensions");
  if (extensions.empty()) return agreement;
  if (!offer.deflate) {
    error =
        fmt::format("the server agreed to an extension that was not offered: \"{}\"", extensions);
    return std::nullopt;
  }
  agreement.deflate = read_deflate_answer(extensions, *offer.deflate, error);
  if (!agreement.deflate) return std::nullopt;
  return agreement;
}

std::optional<Agreement> accept_handshake(std::string_view fields, std::string& answer,
                                          std::string& error) {
  const auto key = find_field(fields, "Sec-WebSocket-Key");
  if (!has_token(fields, "Upgrade", "websocket") || !has_token(fields, "Connection", "Upgrade") ||
      !key) {
    error = "this takes a WebSocket handshake";
    return std::nullopt;
  }
  if (find_field(fields, "Sec-WebSocket-Version") != "13") {
    error = "the Sec-WebSocket-Version must be 13";
    return std::nullopt;
  }
  answer = fmt::format("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n",
                       accept_key(*key));
  Agreement agreement;
  std::string agreed;
  agreement.deflate =
      accept_deflate_offer(joined_fields(fields, "Sec-WebSocket-Extensions"), agreed);
  if (agreement.deflate) answer += fmt::format("Sec-WebSocket-Extensions: {}\r\n", agreed);
  return agreement;
}

}  // namespace perigee::websocket
