// Runs against the nginx that the environment names; see tests/peers/with_nginx.
#include <cstdlib>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// Teardown logs what nginx has counted: connections, and requests with teardown's own.
ScriptRun load_nginx(const std::string& scenario, const std::string& iteration,
                     const std::string& more_options = {}) {
  return ScriptRun(R"lua(
local perigee = require "perigee"
local http = require "perigee.http"
local url = __ENV.NGINX_URL

local M = { options = { scenarios = { load = { )lua" +
                   scenario + " } }, " + more_options + R"lua( } }

local function counted()
  return http.get(url .. "/requests").body:match("%s(%d+) %d+ (%d+)%s")
end

function M.setup()
  local connections, requests = counted()
  return { connections = connections, requests = requests }
end

function M.default()
)lua" + iteration + R"lua(
end

function M.teardown(before)
  local connections, requests = counted()
  print("connections: " .. connections - before.connections)
  print("requests: " .. requests - before.requests)
end

return M
)lua");
}

// The number that teardown logged after the word.
uint64_t logged_number(ScriptRun& run, const std::string& word) {
  const std::string& log = run.log();
  const size_t at = log.find(word + ": ");
  REQUIRE_MESSAGE(at != std::string::npos, log);
  return std::stoull(log.substr(at + word.size() + 2));
}

TEST_CASE("nginx counts the requests that the summary counts") {
  ScriptRun run = load_nginx(R"(executor = "constant-vus", vus = 10, duration = "2s")", R"(
  local res = http.get(url .. "/bytes/50")
  perigee.check(res, { ["50 bytes"] = function() return res.status == 200 and #res.body == 50 end })
)");
  REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
  CHECK(run.count("iterations") > 100);
  CHECK(run.fails("checks") == 0);
  // Setup's own request came before nginx's first number was read.
  CHECK(run.count("http_reqs") == logged_number(run, "requests") + 1);
}

TEST_CASE("each VU keeps one connection to nginx for all its iterations") {
  ScriptRun run = load_nginx(R"(executor = "per-vu-iterations", vus = 5, iterations = 40)", R"(
  http.get(url .. "/bytes/5000")
)");
  REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
  CHECK(run.count("http_reqs") == 202);
  CHECK(logged_number(run, "requests") == 201);
  // Teardown may need one of its own.
  CHECK(logged_number(run, "connections") >= 5);
  CHECK(logged_number(run, "connections") <= 6);
}

TEST_CASE("each VU comes from an address of its own") {
  ScriptRun run = load_nginx(R"(executor = "per-vu-iterations", vus = 3, iterations = 2)", R"(
  local peer = http.get(url .. "/peer").body
  perigee.check(peer, { ["its own"] = function() return peer == "127.0.0." .. 10 + __VU end })
)",
                             "localIPs = { '127.0.0.11-127.0.0.13' }");
  REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
  CHECK(run.passes("checks") == 6);
  CHECK(run.fails("checks") == 0);
}

TEST_CASE("nginx as a proxy is asked for whole URLs") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << R"lua(
local http = require "perigee.http"
return { default = function() print(http.get("http://nowhere.test:81/host?x=1").body) end }
)lua";
  std::string proxy = std::getenv("NGINX_URL");
  proxy.insert(proxy.find("://") + 3, "me:pw@");
  const ProcessResult result =
      run_process({perigee_program(), "run", "--quiet", "script.lua"},
                  {.environment = {{"HTTP_PROXY", proxy}, {"NO_PROXY", ""}, {"no_proxy", ""}},
                   .folder = folder / ""});
  CHECK(result.exit_code == 0);
  CHECK_MESSAGE(result.err.find("nowhere.test /host?x=1 Basic bWU6cHc=") != std::string::npos,
                result.err);
}

TEST_CASE("an error page of nginx is a failed request that arrived") {
  ScriptRun run = load_nginx(R"(executor = "shared-iterations", vus = 2, iterations = 20)", R"(
  local res = http.get(url .. "/status/503")
  perigee.check(res, { ["status is 503"] = function() return res.status == 503 end })
)");
  REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
  CHECK(run.passes("http_req_failed") == 20);
  CHECK(run.passes("checks") == 20);
  CHECK(logged_number(run, "requests") == 21);
}

}  // namespace
}  // namespace perigee
