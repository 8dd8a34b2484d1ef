#include "engine/http/server/reply.h"

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

std::string head(const Reply& reply, const Framing& framing = {}) {
  std::string out;
  append_head(out, reply, framing);
  return out;
}

TEST_CASE("the head of a reply says what comes and how much of it") {
  CHECK(head(plain_reply(200, "{}")) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\n");
  CHECK(head({}) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("a reply that may have no body promises none") {
  Reply reply;
  reply.status = 204;
  CHECK(head(reply) == "HTTP/1.1 204 No Content\r\n\r\n");
  reply.status = 304;
  CHECK(head(reply) == "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST_CASE("the client is told when the connection closes, and an old one when it does not") {
  CHECK(head({}, {.close = true}) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  CHECK(head({}, {.http10 = true}) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("a change of the protocol has no length") {
  CHECK(head({.status = 101,
              .content_type = {},
              .fields = "Upgrade: x\r\n",
              .text = {},
              .lasting = {}}) == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
}

}  // namespace
}  // namespace perigee::http
