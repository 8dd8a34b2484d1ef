// Streamed answers that share an HTTP/2 connection.
#include <string>

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/scripting/stream_fixture.h"
#include "tests/support/http2_frames.h"

namespace perigee {
namespace {

// A script whose client speaks HTTP/2 in clear text.
struct Http2Script : HttpScript {
  Http2Script(const RawServer& server, const std::string& body)
      : HttpScript(server, body, "local api = http.client{ version = '2' }") {}

  void check_completes() {
    const IterationResult result = iterate();
    INFO(vu().error());
    CHECK(result == IterationResult::kCompleted);
  }
};

std::string head(uint32_t stream) {
  return http2::headers(stream, {{":status", "200"}, {"content-type", "text/event-stream"}});
}

std::string event(uint32_t stream, const std::string& data, uint8_t flags = http2::kNone) {
  return http2::data(stream, "data: " + data + "\n\n", flags);
}

}  // namespace

TEST_CASE("two streams over one HTTP/2 connection are read side by side") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(2),
        RawServer::send(head(3) + head(1)),
        RawServer::send(event(1, "a") + event(3, "b") + event(1, "c", http2::kEndStream)),
        RawServer::send(event(3, "d", http2::kEndStream)), RawServer::hang()}});
  Http2Script script(server, R"lua(
    local promises = { api:async_stream("GET", url), api:async_stream("GET", url) }
    for _, promise in ipairs(promises) do
      local s = promise:await()
      assert(s.proto == "HTTP/2.0", s.proto)
      for event in s:events() do print(event.data) end
      assert(s.error == "", s.error)
    end
  )lua");
  script.check_completes();
  for (const auto* data : {"a", "b", "c", "d"})
    CHECK(script.told(data));
  CHECK(server.connections() == 1);
}

TEST_CASE("an HTTP/2 stream that is reset breaks off, and others go on") {
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(2),
                     RawServer::send(head(1) + head(3) + event(1, "first")),
                     RawServer::send(http2::rst_stream(1, http2::kInternalError)),
                     RawServer::send(event(3, "last", http2::kEndStream)), RawServer::hang()}});
  Http2Script script(server, R"lua(
    local one, two = api:async_stream("GET", url), api:async_stream("GET", url)
    one, two = one:await(), two:await()
    for event in one:events() do print(event.data) end
    assert(one.status == 0 and one.error ~= "")
    for event in two:events() do print(event.data) end
    assert(two.status == 200 and two.error == "")
  )lua");
  script.check_completes();
  CHECK(script.told("first"));
  CHECK(script.told("last"));
}

TEST_CASE("a stream that nobody reads does not hold up another on its connection") {
  const std::string much(16'000, 'x');
  std::string unread;
  for (size_t size = 0; size < 2 * limits::kStreamUnread; size += much.size())
    unread += http2::data(1, much, http2::kNone);
  // Until then the client's window is not what its settings say.
  const std::string taken = http2::frame(http2::kSettings, http2::kAck, 0);
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(2),
                     RawServer::send(taken + head(1) + head(3) + unread),
                     RawServer::send(event(3, "two", http2::kEndStream)),
                     RawServer::send(http2::data(1, "end")), RawServer::hang()}});
  Http2Script script(server, R"lua(
    local one, two = api:async_stream("GET", url), api:async_stream("GET", url)
    for event in two:await():events() do print(event.data) end
    one = one:await()
    print(#one:text())
    assert(one.error == "", one.error)
  )lua");
  script.check_completes();
  CHECK(script.told("two"));
  const size_t frames = (2 * limits::kStreamUnread + much.size() - 1) / much.size();
  CHECK(script.told(std::to_string(frames * much.size() + 3)));
}

TEST_CASE("a script that closes an HTTP/2 stream leaves its connection to others") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(head(1) + event(1, "one")), http2::await(http2::kRstStream),
        http2::await_request(), RawServer::send(head(3) + event(3, "two", http2::kEndStream)),
        RawServer::hang()}});
  Http2Script script(server, R"lua(
    local one = api:stream("GET", url)
    for event in one:events() do print(event.data) one:close() end
    for event in api:stream("GET", url):events() do print(event.data) end
  )lua");
  script.check_completes();
  CHECK(script.told("one"));
  CHECK(script.told("two"));
  CHECK(server.connections() == 1);
}

}  // namespace perigee
