#include "engine/http/http1_parser.h"

#include <string>

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

constexpr size_t kMaxHead = 4096;

// Writes down what the parser tells, e.g. "200|hello|end|".
struct Script : Http1Parser::Events {
  std::string log;
  std::string reason, method, target, fields;
  bool keep_alive = false;
  int minor_version = -1;
  std::optional<uint64_t> content_length;

  void on_head(const Http1Head& head) override {
    log += (head.status != 0 ? std::to_string(head.status) : std::string(head.method)) + "|";
    reason = head.reason;
    method = head.method;
    target = head.target;
    fields = head.fields;
    keep_alive = head.keep_alive;
    minor_version = head.minor_version;
    content_length = head.content_length;
  }
  void on_body(std::string_view bytes) override { log += bytes; }
  void on_message_end() override { log += "|end|"; }
};

struct ParserFixture {
  Script script;
  Http1Parser parser{Http1Parser::Role::kClient, script, kMaxHead};

  // Feeds all of it, message by message; tells how many bytes were taken.
  size_t feed(std::string_view bytes, Http1Parser& to) {
    size_t taken = 0;
    while (taken < bytes.size() && to.error().empty())
      taken += to.feed(bytes.substr(taken));
    return taken;
  }
  size_t feed(std::string_view bytes) { return feed(bytes, parser); }
};

TEST_CASE_FIXTURE(ParserFixture, "a response with a length") {
  feed("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello");
  CHECK(script.log == "404|hello|end|");
  CHECK(script.reason == "Not Found");
  CHECK(script.fields == "Content-Length: 5\r\nX-A: b\r\n");
  CHECK(script.content_length == 5);
  CHECK(script.keep_alive);
  CHECK(script.minor_version == 1);
  CHECK(parser.idle());
}

TEST_CASE_FIXTURE(ParserFixture, "a response byte by byte is the same response") {
  for (const char c :
       std::string_view("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello")) {
    CHECK(parser.feed({&c, 1}) == 1);
  }
  CHECK(script.log == "404|hello|end|");
  CHECK(script.reason == "Not Found");
  CHECK(script.fields == "Content-Length: 5\r\nX-A: b\r\n");
  CHECK(parser.idle());
}

TEST_CASE_FIXTURE(ParserFixture, "a response without headers and without a reason") {
  feed("HTTP/1.1 200\r\n\r\n");
  CHECK(script.log == "200|");
  CHECK(script.reason.empty());
  CHECK(script.fields.empty());
  CHECK_FALSE(script.keep_alive);
  CHECK(script.content_length == std::nullopt);
}

TEST_CASE_FIXTURE(ParserFixture, "an empty body ends the message with its head") {
  feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  CHECK(script.log == "200||end|");
  CHECK(parser.idle());
}

TEST_CASE_FIXTURE(ParserFixture, "a chunked body comes without its framing") {
  feed(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: x\r\n\r\n");
  CHECK(script.log == "200|hello world|end|");
  CHECK(script.keep_alive);
  CHECK(parser.idle());
}

TEST_CASE_FIXTURE(ParserFixture, "a chunked body byte by byte") {
  for (const char c : std::string_view("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       "5\r\nhello\r\n0\r\n\r\n")) {
    CHECK(parser.feed({&c, 1}) == 1);
  }
  CHECK(script.log == "200|hello|end|");
}

TEST_CASE_FIXTURE(ParserFixture, "after a body in chunks the next message is read") {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  feed(chunked + "2 ;a=\"b\"\r\nhi\r\n0\r\nX: y\r\n\r\n" + chunked + "0\r\n\r\n" +
       "HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx");
  CHECK(script.log == "200|hi|end|200||end|404|x|end|");
  CHECK(parser.idle());
}

TEST_CASE_FIXTURE(ParserFixture, "a request may have chunks with extensions, too") {
  Http1Parser server(Http1Parser::Role::kServer, script, kMaxHead);
  feed(
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b;c \r\nhi\r\n0\r\n\r\n"
      "GET / HTTP/1.1\r\n\r\n",
      server);
  CHECK(script.log == "POST|hi|end|GET||end|");
}

TEST_CASE_FIXTURE(ParserFixture, "a body without a length reaches until the connection closes") {
  feed("HTTP/1.1 200 OK\r\n\r\nsome and ");
  feed("more");
  CHECK(script.log == "200|some and more");
  CHECK_FALSE(parser.idle());
  CHECK(parser.finish());
  CHECK(script.log == "200|some and more|end|");
}

TEST_CASE_FIXTURE(ParserFixture, "a connection may close between messages, not inside one") {
  SUBCASE("before anything") {
    CHECK(parser.finish());
  }
  SUBCASE("after a message") {
    feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    CHECK(parser.finish());
    CHECK(script.log == "200||end|");
  }
  SUBCASE("in the status line") {
    feed("HTTP/1.1 2");
    CHECK_FALSE(parser.finish());
  }
  SUBCASE("in the headers") {
    feed("HTTP/1.1 200 OK\r\nContent-Le");
    CHECK_FALSE(parser.finish());
  }
  SUBCASE("in a body with a length") {
    feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    CHECK_FALSE(parser.finish());
  }
  SUBCASE("in a chunk") {
    feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
    CHECK_FALSE(parser.finish());
  }
  SUBCASE("before the last chunk") {
    feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    CHECK_FALSE(parser.finish());
  }
}

TEST_CASE_FIXTURE(ParserFixture, "a message cut off never ends") {
  feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
  parser.finish();
  CHECK(script.log == "200|hel");
}

TEST_CASE_FIXTURE(ParserFixture, "interim, 204 and 304 responses have no body whatever they say") {
  feed("HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(script.log == "100||end|");
  feed("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
  feed("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n");
  feed("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n");
  CHECK(script.log == "100||end|103||end|204||end|304||end|");
  CHECK(script.keep_alive);
}

TEST_CASE_FIXTURE(ParserFixture, "the answer to HEAD has no body, the next one has") {
  parser.expect_no_body();
  feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  CHECK(script.log == "200||end|");
  CHECK(script.content_length == 5);
  CHECK(script.keep_alive);
  feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  CHECK(script.log == "200||end|200|hello|end|");
}

TEST_CASE_FIXTURE(ParserFixture,
                  "the answer to HEAD may be chunked or without a length, and come after a 100") {
  parser.expect_no_body();
  feed("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK(script.log == "100||end|200||end|");
  parser.expect_no_body();
  feed("HTTP/1.1 200 OK\r\n\r\n");
  CHECK(script.log == "100||end|200||end|200||end|");
}

TEST_CASE_FIXTURE(ParserFixture, "feeding stops at the end of a message") {
  const std::string_view two =
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 201 Created\r\nContent-Length: "
      "0\r\n\r\n";
  const size_t first = parser.feed(two);
  CHECK(first == 39);
  CHECK(script.log == "200|a|end|");
  CHECK(parser.feed(two.substr(first)) == two.size() - first);
  CHECK(script.log == "200|a|end|201||end|");
}

TEST_CASE_FIXTURE(ParserFixture, "whether the connection may carry another message") {
  SUBCASE("the server says close") {
    feed("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    CHECK_FALSE(script.keep_alive);
  }
  SUBCASE("HTTP/1.0 closes unless it says otherwise") {
    feed("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
    CHECK_FALSE(script.keep_alive);
    CHECK(script.minor_version == 0);
  }
  SUBCASE("HTTP/1.0 that says otherwise") {
    feed("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
    CHECK(script.keep_alive);
  }
}

TEST_CASE_FIXTURE(ParserFixture, "what is not HTTP is an error with a reason") {
  SUBCASE("garbage") {
    feed("garbage\r\n\r\n");
  }
  SUBCASE("a malformed status") {
    feed("HTTP/1.1 abc\r\n\r\n");
  }
  SUBCASE("a status of two digits") {
    feed("HTTP/1.1 99 X\r\nContent-Length: 0\r\n\r\n");
  }
  SUBCASE("a status below 100") {
    feed("HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n");
  }
  SUBCASE("a status above 999") {
    feed("HTTP/1.1 1000 X\r\nContent-Length: 0\r\n\r\n");
  }
  SUBCASE("a status of four digits") {
    feed("HTTP/1.1 0200 X\r\nContent-Length: 0\r\n\r\n");
  }
  SUBCASE("no status") {
    feed("HTTP/1.1 \r\nContent-Length: 0\r\n\r\n");
  }
  SUBCASE("two blanks before a status") {
    feed("HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n");
  }
  SUBCASE("a status with letters") {
    feed("HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n");
  }
  SUBCASE("a malformed length") {
    feed("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n");
  }
  SUBCASE("two lengths") {
    feed("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
  }
  SUBCASE("a header without a colon") {
    feed("HTTP/1.1 200 OK\r\nno colon\r\n\r\n");
  }
  SUBCASE("a malformed chunk") {
    feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  }
  CHECK_FALSE(parser.error().empty());
  CHECK(parser.feed("HTTP/1.1 200 OK\r\n\r\n") == 0);
  CHECK_FALSE(parser.finish());
  CHECK(script.log.find("end") == std::string::npos);
}

TEST_CASE_FIXTURE(ParserFixture, "a head that never ends is an error, in one piece or in many") {
  SUBCASE("in one piece") {
    feed("HTTP/1.1 200 OK\r\nX: " + std::string(2 * kMaxHead, 'x') + "\r\n\r\n");
  }
  SUBCASE("in many") {
    feed("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 1000 && parser.error().empty(); ++i)
      feed("X-Header: value\r\n");
  }
  CHECK(parser.error() == "the header block is too large");
  CHECK(script.log.empty());
}

TEST_CASE_FIXTURE(ParserFixture, "a large body is no large head") {
  feed("HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n" + std::string(8000, 'x'));
  CHECK(parser.error().empty());
  CHECK(script.log.size() == 4 + 8000 + 5);
}

TEST_CASE_FIXTURE(ParserFixture, "a request, for a server") {
  Http1Parser server(Http1Parser::Role::kServer, script, kMaxHead);
  feed("POST /v2/models/iris/infer?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", server);
  CHECK(script.log == "POST|hi|end|");
  CHECK(script.target == "/v2/models/iris/infer?x=1");
  CHECK(script.fields == "Host: a\r\nContent-Length: 2\r\n");
  CHECK(script.keep_alive);
  feed("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", server);
  CHECK(script.log == "POST|hi|end|GET||end|");
  CHECK_FALSE(script.keep_alive);
}

TEST_CASE_FIXTURE(ParserFixture, "pipelined requests come one at a time") {
  Http1Parser server(Http1Parser::Role::kServer, script, kMaxHead);
  const std::string_view two = "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n";
  CHECK(server.feed(two) == 19);
  CHECK(script.target == "/1");
  CHECK(server.feed(two.substr(19)) == 19);
  CHECK(script.target == "/2");
}

TEST_CASE_FIXTURE(ParserFixture, "an interim response does not end the connection") {
  const std::string final = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  SUBCASE("whatever it says") {
    feed("HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n" + final);
  }
  SUBCASE("in the version that has none") {
    feed("HTTP/1.0 100 Continue\r\n\r\n" + final);
  }
  CHECK(script.log == "100||end|200|hi|end|");
  CHECK(script.keep_alive);
}

TEST_CASE_FIXTURE(ParserFixture, "a response in chunks may name a length, which does not count") {
  const std::string chunks = "\r\n2\r\nhi\r\n0\r\n\r\n";
  SUBCASE("before") {
    feed("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n" + chunks);
  }
  SUBCASE("behind") {
    feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n" + chunks);
  }
  CHECK(script.log == "200|hi|end|");
  CHECK(parser.idle());
}

TEST_CASE_FIXTURE(ParserFixture, "a response whose transfer encoding is none has its length") {
  feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nhi");
  CHECK(script.log == "200|hi|end|");
}

TEST_CASE("a request in chunks with a length is refused") {
  Script script;
  Http1Parser parser{Http1Parser::Role::kServer, script, kMaxHead};
  parser.feed(
      "POST / HTTP/1.1\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  CHECK_FALSE(parser.error().empty());
}

TEST_CASE("a request that offers another protocol may be followed by others") {
  Script script;
  ParserFixture fixture;
  Http1Parser parser{Http1Parser::Role::kServer, script, kMaxHead};
  std::string first = "GET";
  std::string offer = "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
  SUBCASE("without a body") {}
  SUBCASE("with one") {
    first = "POST";
    offer.insert(0, "Content-Length: 2\r\n");
    offer += "hi";
  }
  SUBCASE("by its method") {
    first = "CONNECT";
    offer = "\r\n";
  }
  const std::string target = first == "CONNECT" ? " a:80" : " /";
  fixture.feed(first + target + " HTTP/1.1\r\n" + offer + "GET / HTTP/1.1\r\n\r\n", parser);
  CHECK(parser.error().empty());
  CHECK(script.log.starts_with(first + "|"));
  CHECK(script.log.ends_with("|end|GET||end|"));
}

}  // namespace
}  // namespace perigee::http
