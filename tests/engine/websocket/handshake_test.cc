#include "engine/websocket/handshake.h"

#include <string>

#include <doctest/doctest.h>

namespace perigee::websocket {
namespace {

const std::string kKey = "dGhlIHNhbXBsZSBub25jZQ==";
const std::string kAnswer =
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

http::Http1Head answered(int status, std::string_view reason, std::string_view fields = {}) {
  http::Http1Head head;
  head.status = status;
  head.reason = reason;
  head.fields = fields;
  return head;
}

http::Http1Head switching(std::string_view fields) {
  return answered(101, "Switching Protocols", fields);
}

std::string refusal(const http::Http1Head& head, const Offer& offer = {}) {
  std::string error;
  CHECK_FALSE(read_handshake_answer(head, kKey, offer, error));
  return error;
}

TEST_CASE("the answer to a key is that of the RFC's example") {
  CHECK(accept_key(kKey) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("every handshake has a key of its own") {
  RandomGenerator random(7);
  const std::string first = make_key(random);
  CHECK(first.size() == 24);
  CHECK(first != make_key(random));
}

TEST_CASE("an answer that agrees opens the connection") {
  std::string error;
  const auto agreement = read_handshake_answer(switching(kAnswer), kKey, {}, error);
  REQUIRE_MESSAGE(agreement, error);
  CHECK(agreement->subprotocol.empty());
  CHECK_FALSE(agreement->deflate);
}

TEST_CASE("words of the answer may be in any case and among others") {
  const std::string fields =
      "upgrade: WebSocket\r\nconnection: keep-alive, upgrade\r\n"
      "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  std::string error;
  CHECK(read_handshake_answer(switching(fields), kKey, {}, error));
}

TEST_CASE("the subprotocol that the server chose must have been offered") {
  const std::string fields = kAnswer + "Sec-WebSocket-Protocol: mqtt\r\n";
  std::string error;
  const auto agreement = read_handshake_answer(
      switching(fields), kKey, {.subprotocols = {"amqp", "mqtt"}, .deflate = {}}, error);
  REQUIRE_MESSAGE(agreement, error);
  CHECK(agreement->subprotocol == "mqtt");
  CHECK(refusal(switching(fields)) ==
        "the server chose the subprotocol \"mqtt\", which was not offered");
}

TEST_CASE("an extension that was not offered is refused") {
  CHECK(refusal(switching(kAnswer + "Sec-WebSocket-Extensions: permessage-deflate\r\n")) ==
        "the server agreed to an extension that was not offered: \"permessage-deflate\"");
}

TEST_CASE("an answer that opens no WebSocket is told") {
  CHECK(refusal(answered(200, "OK")) ==
        "the server answered 200 OK instead of 101 Switching Protocols");
  CHECK(refusal(switching("Connection: Upgrade\r\n")) ==
        "the answer has no \"Upgrade: websocket\"");
  CHECK(refusal(switching("Upgrade: websocket\r\n")) ==
        "the answer has no \"Connection: Upgrade\"");
  CHECK(refusal(switching("Upgrade: websocket\r\nConnection: Upgrade\r\n")) ==
        "the answer has no Sec-WebSocket-Accept");
  CHECK(refusal(switching("Upgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: c3VyZWx5IG5vdA==\r\n")) ==
        "the answer's Sec-WebSocket-Accept does not belong to this request");
}

TEST_CASE("a server accepts what a client asks for") {
  const Offer offer{.subprotocols = {}, .deflate = DeflateParameters{}};
  const HandshakeHeaders asked(kKey, offer);
  std::string fields, answer, error;
  for (const http::Header& header : asked.fields())
    fields.append(header.name).append(": ").append(header.value).append("\r\n");
  const auto accepted = accept_handshake(fields, answer, error);
  REQUIRE_MESSAGE(accepted, error);
  CHECK(answer == kAnswer +
                      "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                      "client_no_context_takeover\r\n");
  const auto agreement = read_handshake_answer(switching(answer), kKey, offer, error);
  REQUIRE_MESSAGE(agreement, error);
  CHECK(agreement->deflate == accepted->deflate);
}

TEST_CASE("a server refuses what is no handshake") {
  std::string answer, error;
  CHECK_FALSE(accept_handshake("Host: x\r\n", answer, error));
  CHECK(error == "this takes a WebSocket handshake");
  CHECK_FALSE(accept_handshake(
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: a\r\n", answer, error));
  CHECK(error == "the Sec-WebSocket-Version must be 13");
}

}  // namespace
}  // namespace perigee::websocket
