#include "engine/http/http2_fields.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace perigee::http {
namespace {

std::string text_of(std::span<const http2::Field> fields) {
  std::string text;
  for (const http2::Field& field : fields)
    text += fmt::format("{}={};", field.name, field.value);
  return text;
}

TEST_CASE("a head becomes pseudo-fields and fields in lower case") {
  Http2Fields fields;
  CHECK(text_of(fields.of("POST /a?b=c HTTP/1.1\r\nHost: one:81\r\nUser-Agent: x y\r\n"
                          "Content-Length: 3\r\n\r\n",
                          false)) ==
        ":method=POST;:scheme=http;:authority=one:81;:path=/a?b=c;user-agent=x y;"
        "content-length=3;");
}

TEST_CASE("what concerns one connection of HTTP/1.1 is left out") {
  Http2Fields fields;
  CHECK(text_of(fields.of("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nKeep-Alive: 5\r\n"
                          "Proxy-Connection: x\r\nTransfer-Encoding: chunked\r\nUpgrade: h2c\r\n"
                          "HTTP2-Settings: AA\r\nTE: gzip\r\nX-Connection: kept\r\n\r\n",
                          true)) ==
        ":method=GET;:scheme=https;:authority=a;:path=/;x-connection=kept;");
  CHECK(text_of(fields.of("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n", true)) ==
        ":method=GET;:scheme=https;:authority=a;:path=/;te=trailers;");
}

TEST_CASE("heads that are remembered are told apart to the last byte") {
  Http2Fields fields;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 200; ++i) {
      const std::string head = fmt::format("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", i);
      CHECK(fields.of(head, i % 2 == 0)[3].value == fmt::format("/{}", i));
      CHECK(fields.of(head, i % 2 == 0)[1].value == (i % 2 == 0 ? "https" : "http"));
    }
  }
}

}  // namespace
}  // namespace perigee::http
