// Streamed answers of the target, as a run measures them, against what the target has sent.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/process/accounting.h"

namespace perigee {
namespace {

// Iterations that read one completion each, and count its tokens.
std::string script(const std::string& url, const std::string& load, const std::string& request) {
  return fmt::format(R"lua(
local http, metrics = require 'perigee.http', require 'perigee.metrics'
local tokens = metrics.counter('tokens')
local url, params = '{0}/v1/chat/completions', {{ tags = {{ name = '/v1/chat/completions' }} }}
local body = [[{{"model":"m","messages":[{{"content":"a"}}],"stream":true,{2}}}]]
return {{ options = {{ scenarios = {{ load = {{ {1} }} }} }}, default = function()
  for event in http.stream('POST', url, body, params):events() do
    if event.data:find('"sent_ns"', 1, true) then tokens:add(1) end
  end
end }})lua",
                     url, load, request);
}

}  // namespace

TEST_CASE("streams hold all events that the target has sent, and none comes before it was sent") {
  const TargetProcess target;
  ScriptRun run(script(target.url(), "executor = 'per-vu-iterations', vus = 50, iterations = 2",
                       R"("max_tokens":20,"first_token":"20ms","token_interval":"5ms")"),
                {"--workers", "2"});
  REQUIRE(run.exit_code() == 0);
  const auto stats = target.stats();
  CHECK(run.count("tokens") == 100 * 20);
  CHECK(run.count("http_reqs") == 100);
  CHECK(stats.at("streams") == 100);
  CHECK(run.count("http_stream_events") == 100 * 23);
  const auto& metrics = run.summary().at("metrics");
  CHECK(metrics.at("http_stream_time_to_first_event").at("min") >= 20);
  CHECK(metrics.at("http_stream_duration").at("min") >= 20 + 19 * 5);
  // The first token was read after it was sent, and the request sent before it was read.
  CHECK(metrics.at("http_stream_time_to_first_event").at("avg") >=
        stats.at("first_token_ms").at("avg"));
  CHECK(metrics.at("http_stream_ttfb").at("avg") <=
        metrics.at("http_stream_time_to_first_event").at("avg"));
  check_requests(run, target);
}

TEST_CASE("streams that the end of a run cuts off are counted") {
  const TargetProcess target;
  ScriptRun run(script(target.url(),
                       "executor = 'constant-vus', vus = 20, duration = '1s', gracefulStop = '0s'",
                       R"("max_tokens":100000,"first_token":"5ms","token_interval":"10ms")"));
  REQUIRE(run.exit_code() == 0);
  CHECK(run.count("http_reqs") == 0);
  CHECK(run.count("http_reqs_interrupted") == 20);
  CHECK(run.count("iterations_interrupted") == 20);
  CHECK(target.requests() == 20);
  CHECK(run.count("tokens") > 0);
}

TEST_CASE("a thousand streams at once hold all their tokens") {
  const TargetProcess target;
  ScriptRun run(script(target.url(), "executor = 'per-vu-iterations', vus = 1000, iterations = 1",
                       R"("max_tokens":10,"first_token":"200ms","token_interval":"20ms")"),
                {"--workers", "1"});
  REQUIRE(run.exit_code() == 0);
  CHECK(run.count("http_reqs") == 1000);
  CHECK(run.count("tokens") == 10'000);
  CHECK(target.stats().at("token_gap_ms").at("count") == 9'000);
}

}  // namespace perigee
