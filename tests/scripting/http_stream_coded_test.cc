// Compressed answers that a script reads while they arrive.
#include <string>

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/scripting/stream_fixture.h"
#include "tests/support/coded_body.h"

namespace perigee {
namespace {

// A server whose answer has this header and these bytes, each piece in a chunk of its own.
RawServer::Script compressed(const std::string& coding, const std::vector<std::string>& pieces) {
  RawServer::Script script{RawServer::request(),
                           RawServer::send("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding +
                                           "\r\nTransfer-Encoding: chunked\r\n\r\n")};
  for (const std::string& piece : pieces)
    script.push_back(RawServer::send(chunk(piece)));
  script.push_back(RawServer::send(kStreamEnd));
  script.push_back(RawServer::hang());
  return script;
}

}  // namespace

TEST_CASE("compressed streams are unpacked while they arrive") {
  for (const auto* coding : {"gzip", "deflate", "br", "zstd", "gzip, zstd"}) {
    CAPTURE(coding);
    const std::string whole = encoded(coding, "data: one\n\ndata: two\n\n");
    const size_t half = whole.size() / 2;
    RawServer server({compressed(coding, {whole.substr(0, half), whole.substr(half)})});
    CHECK(printed(server, R"lua(
      local s = http.stream("GET", url)
      for event in s:events() do print(event.data) end
      print(s.status .. s.error)
    )lua") == Lines{"one", "two", "200"});
  }
}

TEST_CASE("an event of a compressed stream is read before the next has come") {
  const auto gzip = [](const std::string& text) { return chunk(encoded("gzip", text)); };
  RawServer server({{RawServer::request(),
                     RawServer::send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                                     "Transfer-Encoding: chunked\r\n\r\n" +
                                     gzip("data: early\n\n")),
                     RawServer::gate(), RawServer::send(gzip("data: late\n\n") + kStreamEnd),
                     RawServer::hang()}});
  HttpScript script(server, R"lua(
    for event in http.stream("GET", url):events() do print(event.data) end
  )lua");
  script.start();
  while (!script.told("early"))
    script.loop().run_once();
  CHECK_FALSE(script.told("late"));
  server.open_gate();
  CHECK(script.finish() == IterationResult::kCompleted);
  CHECK(script.told("late"));
}

TEST_CASE("a compressed stream that breaks says so when it has been read") {
  const std::string whole = encoded("gzip", "data: one\n\ndata: two\n\n");
  const std::string script = R"lua(
    local s = http.stream("GET", url)
    for event in s:events() do print(event.data) end
    print(s.status .. " " .. s.error_code .. " " .. s.error)
  )lua";
  RawServer cut({compressed("gzip", {whole.substr(0, whole.size() - 1)})});
  CHECK(printed(cut, script).back() ==
        "0 1701 error decompressing response body (gzip: unexpected end of the data)");
  RawServer broken({compressed("gzip", {"not compressed at all"})});
  CHECK(printed(broken, script).back() ==
        "0 1701 error decompressing response body (gzip: incorrect header check)");
  RawServer unknown({compressed("secret", {"data: as it came\n\n"})});
  CHECK(printed(unknown, script).at(0) == "as it came");
}

TEST_CASE("a compressed stream may stand for much more than has arrived") {
  const std::string bomb = encoded("zstd", std::string(limits::kStreamItem + 1, '0'));
  RawServer server({compressed("zstd", {bomb})});
  CHECK(printed(server, R"lua(
    local size, longest = 0, 0
    for part in http.stream("GET", url):chunks() do
      size, longest = size + #part, math.max(longest, #part)
    end
    assert(longest <= 65536, longest)
    print(size)
  )lua") == Lines{"16777217"});
  RawServer again({compressed("zstd", {bomb})});
  CHECK(printed(again, R"lua(
    local s = http.stream("GET", url)
    for line in s:lines() do error("a line") end
    print(s.error)
  )lua")
            .back() == "one of the stream's lines is longer than 16777216 bytes");
}

TEST_CASE("bytes that stand for nothing are passed over, however many") {
  const std::string nothing = encoded("gzip", "");
  std::string much;
  while (much.size() < 8 * limits::kStreamUnread)
    much += nothing;
  RawServer server({compressed("gzip", {much, encoded("gzip", "some")})});
  CHECK(printed(server, R"lua(
    local s = http.stream("GET", url, nil, { timeout = "10s" })
    perigee.sleep(0.05)
    print(s:text() .. s.error)
  )lua") == Lines{"some"});
}

TEST_CASE("the text of a stream is kept up to a limit") {
  const std::string bomb = encoded("zstd", std::string(limits::kResponseBody + 1, '0'));
  RawServer server({compressed("zstd", {bomb})});
  CHECK(printed(server, R"lua(
    local s = http.stream("GET", url)
    print(select(2, pcall(s.text, s)))
    print(s.status)
  )lua") == Lines{"s:text() keeps 268435456 bytes at most: read what is longer with s:chunks()",
                  "200"});
}

}  // namespace perigee
