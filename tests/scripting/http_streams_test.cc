// Several streams at once: of one VU, of its promises and its clients.
#include <thread>

#include <doctest/doctest.h>

#include "tests/scripting/stream_fixture.h"

namespace perigee {

TEST_CASE("streams of one VU are asked for at once and read one after the other") {
  const RawServer::Script second{RawServer::request(), RawServer::send(kStreamHead),
                                 RawServer::send(chunk("data: 1\n\n") + kStreamEnd),
                                 RawServer::hang()};
  RawServer server({{RawServer::request(), RawServer::gate(), RawServer::send(kStreamHead),
                     RawServer::send(chunk("data: 1\n\n") + kStreamEnd), RawServer::hang()},
                    second});
  HttpScript script(server, R"lua(
    local promises = {}
    for i = 1, 3 do promises[i] = http.async_stream("GET", url .. "/" .. i) end
    print("sent")
    local total = 0
    for _, promise in ipairs(promises) do
      local s = promise:await()
      assert(s == promise:await() and s.status == 200)
      for event in s:events() do total = total + event.data end
      assert(s == promise:await())
    end
    print(total)
  )lua");
  script.start();
  CHECK(script.told("sent"));
  std::thread opener([&] {
    server.wait_for_requests(3);
    server.open_gate();
  });
  const IterationResult result = script.finish();
  opener.join();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("3"));
}

TEST_CASE("a promise of a stream that fails tells it like the stream") {
  RawServer server({{RawServer::request(), RawServer::hang_up()}});
  CHECK(printed(server, R"lua(
    local s = http.async_stream("GET", url):await()
    assert(s.status == 0 and s.error ~= "")
    local promise = http.async_stream("GET", url, nil, { throw = true })
    local ok, message = pcall(promise.await, promise)
    assert(not ok and message:find("GET http://127", 1, true), message)
    s = http.async_stream("GET", "nonsense"):await()
    assert(s.error_code == 1020 and s:text() == "")
    print("done")
  )lua")
            .back() == "done");
}

TEST_CASE("a promise that nobody awaits is cut off with its iteration") {
  RawServer server({{RawServer::request(), RawServer::hang()}});
  HttpScript script(server, R"lua(
    if kept then print(select(2, pcall(kept.await, kept))) return end
    kept = http.async_stream("GET", url)
    error("oops")
  )lua",
                    "local kept");
  script.start();
  CHECK(script.finish() == IterationResult::kFailed);
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.told("the stream was cut off with its iteration"));
}

TEST_CASE("clients of a script have streams, too") {
  const std::string answer = kStreamHead + chunk("data: 1\n\n") + kStreamEnd;
  RawServer server({answers({answer, answer})});
  HttpScript script(server, R"lua(
    local s = api:stream("GET", url)
    for event in s:events() do print("stream " .. event.data) end
    s = api:async_stream("GET", url):await()
    for event in s:events() do print("promise " .. event.data) end
  )lua",
                    "local api = http.client{ headers = { ['X-Api'] = 'yes' } }");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("stream 1"));
  CHECK(script.told("promise 1"));
  CHECK(server.requests().at(0).find("X-Api: yes\r\n") != std::string::npos);
  CHECK(server.requests().at(1).find("X-Api: yes\r\n") != std::string::npos);
}

TEST_CASE("a busy script makes nothing that is there already look late") {
  RawServer server({{RawServer::request(), RawServer::send(kStreamHead), RawServer::gate(),
                     RawServer::send(chunk("data: 1\n\n") + kStreamEnd)}});
  HttpScript script(server, R"lua(
    local one, two = http.stream("GET", url), http.stream("GET", url)
    print("open")
    local _, first = one:events()()
    local busy = os.clock() + 0.2
    repeat until os.clock() > busy
    local _, second = two:events()()
    assert(second - first < 100, second - first)
  )lua");
  script.start();
  while (!script.told("open"))
    script.loop().run_once();
  server.open_gate();
  CHECK(server.wait_for_closes(2));
  const IterationResult result = script.finish();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

TEST_CASE("several streams of a VU are read in turn") {
  RawServer server({{RawServer::request(), RawServer::send(kStreamHead), RawServer::gate(),
                     RawServer::send(chunk("data: 1\n\n")), RawServer::send(chunk("data: 2\n\n")),
                     RawServer::send(kStreamEnd), RawServer::hang()}});
  HttpScript script(server, R"lua(
    local one, two = http.stream("GET", url), http.stream("GET", url)
    local next_one, next_two = one:events(), two:events()
    print(next_one().data .. next_two().data .. next_one().data .. next_two().data)
    assert(next_one() == nil and next_two() == nil and next_one() == nil)
  )lua");
  script.start();
  std::thread opener([&] {
    server.wait_for_requests(2);
    server.open_gate();
  });
  const IterationResult result = script.finish();
  opener.join();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("1122"));
}

}  // namespace perigee
