// Runs whose every request is refused.
#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

constexpr const char* kSays = "100 requests in a row have reached no server";

std::string script(const std::string& options, const std::string& request) {
  return "local http, websocket = require 'perigee.http', require 'perigee.websocket'\n"
         "return { options = " +
         options + ", default = function() " + request + " end }";
}

const std::string kGet = "http.get('http://127.0.0.1:1/')";

}  // namespace

TEST_CASE("a closed loop that reaches no server is slowed down, and says so once") {
  for (const std::string& request :
       {kGet, std::string("http.async_request('GET', 'http://127.0.0.1:1/')"),
        std::string("http.stream('GET', 'http://127.0.0.1:1/')"),
        std::string("http.batch{ 'http://127.0.0.1:1/' }"),
        std::string("websocket.connect('ws://127.0.0.1:1/')")}) {
    INFO(request);
    ScriptRun run(script("{ iterations = 103 }", request));
    CHECK(run.exit_code() == 0);
    CHECK(run.count("iterations") == 103);
    const size_t said = run.log().find(kSays);
    REQUIRE(said != std::string::npos);
    CHECK(run.log().find(kSays, said + 1) == std::string::npos);
    // The last ones have waited, and their times do not show it.
    CHECK(run.summary()["metrics"]["iteration_duration"]["max"].get<double>() >= 10);
  }
}

TEST_CASE("what is refused counts as before") {
  ScriptRun run(script("{ iterations = 110 }", kGet));
  CHECK(run.count("http_reqs") == 110);
  CHECK(run.summary()["metrics"]["http_req_failed"]["passes"] == 110);
  CHECK(run.summary()["metrics"]["http_req_duration"]["max"] == 0);
}

TEST_CASE("the arrivals of an open scenario find their VU as if nothing waited") {
  ScriptRun run(
      script("{ scenarios = { open = { executor = 'constant-arrival-rate', rate = 300, "
             "duration = '1s', preAllocatedVUs = 1, overload = 'queue' } } }",
             kGet));
  CHECK(run.exit_code() == 0);
  // A busy machine may keep the last ones from beginning within the second. If the VU had waited
  // after each from the hundredth on, 167 would have.
  CHECK(run.count("iterations") > 200);
  CHECK(run.count("iterations") + run.count("dropped_iterations") == 300);
  CHECK_FALSE(run.logged(kSays));
}

}  // namespace perigee
