// Requests of one VU at the same time: promises and batches.
#include <doctest/doctest.h>

#include "tests/scripting/http_fixture.h"

namespace perigee {
namespace {

const std::string kOk = answer("200 OK", {}, "fine");

std::string error_of(const std::string& body) {
  ScriptFixture fixture(http_script(body));
  return fixture.iterate() == IterationResult::kFailed ? fixture.vu().error() : "";
}

// Every connection answers one request, with the gate open.
RawServer::Script gated_answer(const std::string& text) {
  return {RawServer::request(), RawServer::gate(), RawServer::send(text), RawServer::hang()};
}

}  // namespace

TEST_CASE("asynchronous requests are on their way together and awaited in any order") {
  RawServer server({{RawServer::request(), RawServer::gate(),
                     RawServer::send(answer("200 OK", {}, "one")), RawServer::hang()},
                    {RawServer::request(), RawServer::gate(),
                     RawServer::send(answer("201 Created", {}, "two")), RawServer::hang()}});
  HttpScript script(server, R"lua(
    local one = http.async_request("GET", url .. "/1")
    perigee.sleep(0.001)
    local two = http.async_request("POST", url .. "/2", "body")
    print("sent")
    local second, first = two:await(), one:await()
    print(first.status .. " " .. first.body .. ", " .. second.status .. " " .. second.body)
    assert(two:await() == second and second.request.body == "body")
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
  CHECK(script.told("sent"));
  // Which connection was first at the server is its affair.
  CHECK((script.told("200 one, 201 two") || script.told("201 two, 200 one")));
  CHECK(script.sum("http_reqs") == 2);
}

TEST_CASE("a race gives the response that comes first, and the others still come") {
  RawServer server({{RawServer::request(), RawServer::gate(),
                     RawServer::send(answer("200 OK", {}, "slow")), RawServer::hang()},
                    {RawServer::request(),
                     RawServer::send(answer("201 Created", "Connection: close\r\n", "quick")),
                     RawServer::hang()},
                    gated_answer(kOk)});
  HttpScript script(server, R"lua(
    local promises = { http.async_request("GET", url), http.async_request("GET", url) }
    local res, place = http.race(promises)
    print("first: " .. res.body)
    assert(http.race(promises) == res, "it has ended, so it is first again")
    http.async_request("GET", url .. "/opens-the-gate")
    print("then: " .. promises[3 - place]:await().body)
  )lua");
  script.start();
  std::thread opener([&] {
    server.wait_for_requests(3);
    server.open_gate();
  });
  const IterationResult result = script.finish();
  opener.join();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("first: quick"));
  CHECK(script.told("then: slow"));
  CHECK(script.sum("http_reqs") == 3);
}

TEST_CASE("what can't race says so") {
  CHECK(error_of("http.race({ 7 })")
            .find("http.race: promises[1] is nothing that "
                  "http.async_request returns") != std::string::npos);
  CHECK(error_of("http.race({})").find("http.race: promises must have at least one") !=
        std::string::npos);
}

TEST_CASE("an iteration ends when requests that nobody awaits have ended, and they count") {
  RawServer server({gated_answer(kOk)});
  HttpScript script(server, "http.async_request('GET', url) print('returned')");
  script.start();
  CHECK(script.told("returned"));
  server.open_gate();
  CHECK(script.finish() == IterationResult::kCompleted);
  CHECK(script.sum("http_reqs") == 1);
}

TEST_CASE("a promise of an iteration that was cut off says so when it is awaited later") {
  RawServer server({{RawServer::hang()}});
  HttpScript script(server,
                    "if not kept then kept = http.async_request('GET', url) kept:await() end\n"
                    "print(select(2, pcall(kept.await, kept)))",
                    "local kept");
  script.start();
  script.vu().interrupt();
  CHECK(script.finish() == IterationResult::kInterrupted);
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.told("the request was cut off with its iteration"));
}

TEST_CASE("an error of the script cuts its requests off") {
  RawServer server({{RawServer::request(), RawServer::hang()}});
  HttpScript script(server, "http.async_request('GET', url) error('oops')");
  CHECK(script.iterate() == IterationResult::kFailed);
  CHECK(script.sum("http_reqs") == 0);
}

TEST_CASE("an asynchronous request that can't be sent has its result at once") {
  ScriptFixture script(
      http_script("local res = http.async_request('GET', 'nonsense'):await()\n"
                  "assert(res.status == 0 and res.error_code == 1020)"));
  CHECK(script.iterate() == IterationResult::kCompleted);
}

TEST_CASE("what async_request is given is checked at once") {
  CHECK(error_of("http.async_request('http://a/')")
            .find("http.async_request: url must be a string") != std::string::npos);
  CHECK(error_of("http.async_request('GET')")
            .find("script.lua:3: http.async_request: url must be a string, or what http.url "
                  "returns, got nil") == 0);
}

TEST_CASE("a batch answers in the shape of its requests") {
  RawServer server(
      {{RawServer::request(), RawServer::send(kOk), RawServer::request(), RawServer::send(kOk),
        RawServer::request(), RawServer::send(kOk), RawServer::hang()}});
  HttpScript script(server, R"lua(
    local list = http.batch({ url .. "/a", { "POST", url .. "/b", "body" },
      { method = "PUT", url = url .. "/c", params = { tags = { part = "c" } } },
      http.url(url .. "/${}", 4) })
    assert(#list == 4 and list[2].request.method == "POST" and list[4].url == url .. "/4")
    local named = http.batch({ b = url .. "/b", a = { url = url .. "/a" } })
    assert(named.a.status == 200 and named.a.url == url .. "/a" and named.b.url == url .. "/b")
    assert(next(http.batch({})) == nil)
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.sum("http_reqs") == 6);
  CHECK(script.sum("http_reqs", {{"part", "c"}, {"method", "PUT"}}) == 1);
  CHECK(script.sum("http_reqs", {{"name", server.url("/${}")}}) == 1);
}

TEST_CASE("a batch with names starts in their order") {
  RawServer server({answers({kOk, kOk, kOk})});
  ScriptFixture::Options options;
  options.http.batch = 1;
  HttpScript script(server,
                    "http.batch({ c = url .. '/c', a = url .. '/a', x = 'nonsense',\n"
                    "  b = { 'PUT', url .. '/b' } })",
                    {}, options);
  REQUIRE(script.iterate() == IterationResult::kCompleted);
  CHECK(script.told("GET nonsense: it must start with http://"));
  REQUIRE(server.requests().size() == 3);
  CHECK(server.requests()[0].starts_with("GET /a "));
  CHECK(server.requests()[1].starts_with("PUT /b "));
  CHECK(server.requests()[2].starts_with("GET /c "));
}

TEST_CASE("a batch has at most six requests to one host on their way") {
  RawServer::Script steps{RawServer::request(), RawServer::gate()};
  for (const RawServer::Step& step : answers({kOk, kOk, kOk}))
    steps.push_back(step);
  steps.erase(steps.begin() + 2);
  RawServer server({steps});
  HttpScript script(server,
                    "local list = {} for i = 1, 8 do list[i] = url .. '/' .. i end\n"
                    "assert(#http.batch(list) == 8)");
  script.start();
  std::thread opener([&] {
    server.wait_for_requests(6);
    server.open_gate();
  });
  const IterationResult result = script.finish();
  opener.join();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  // The last two went over connections that were free again.
  CHECK(server.connections() == 6);
  CHECK(script.sum("http_reqs") == 8);
}

TEST_CASE("with throw the first failure of a batch is thrown when all have ended") {
  RawServer server({answers({kOk})});
  HttpScript script(server, R"lua(
    local ok, message = pcall(http.batch, {
      { "GET", "http://127.0.0.1:1/a", nil, { throw = true } }, url,
      { "GET", "nonsense", nil, { throw = true } } })
    print(ok, message)
  )lua");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.told("GET http://127.0.0.1:1/a: dial: connection refused"));
  CHECK(script.sum("http_reqs") == 2);
}

TEST_CASE("a request of a batch that makes no sense is named") {
  CHECK(error_of("http.batch({ 'http://a/', 7 })")
            .starts_with("script.lua:3: http.batch: request 2: must be a URL or a table like "
                         "{\"POST\", url, body, params}, got a number\n"));
  CHECK(error_of("http.batch({ css = { uri = 'http://a/' } })")
            .find("batch: request \"css\": has no key \"uri\" (did you mean \"url\"?)") !=
        std::string::npos);
  CHECK(error_of("http.batch({ 'http://a/', css = 'http://b/' })").find("not both") !=
        std::string::npos);
  CHECK(
      error_of("http.batch('http://a/')")
          .find(
              "requests must be a list of requests, or a table of them by name, got the string") !=
      std::string::npos);
}

}  // namespace perigee
