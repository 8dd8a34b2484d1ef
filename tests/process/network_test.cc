// Where requests go, and how fast, as a user's options and environment say.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

// A script with these options whose iterations request `url`, in which PORT stands for the port of
// the target.
std::string script(const TargetProcess& target, const std::string& options, std::string url) {
  const std::string address = target.url();
  const size_t at = url.find("PORT");
  if (at != std::string::npos) url.replace(at, 4, address.substr(address.rfind(':') + 1));
  return R"(
local http = require "perigee.http"
local M = { options = { )" +
         options + R"( } }
function M.default() http.get(")" +
         url + R"(") end
return M
)";
}

// As a process with more in its environment.
ProcessResult run_with(const std::string& text, const std::map<std::string, std::string>& more) {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << text;
  return run_process({perigee_program(), "run", "--quiet", "script.lua"},
                     {.environment = more, .folder = folder / ""});
}

TEST_CASE("a host of the options is reached where they say") {
  const TargetProcess target;
  ScriptRun run(script(target,
                       "vus = 3, iterations = 30, hosts = { ['*.models.test'] = '127.0.0.1' }",
                       "http://iris.models.test:PORT/bytes/50"));
  REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
  CHECK(target.requests() == 30);
  CHECK(run.fails("http_req_failed") == 30);
}

TEST_CASE("blocked names and addresses have k6's codes and texts") {
  const TargetProcess target;
  const std::string hosts = "iterations = 2, hosts = { ['a.test'] = '127.0.0.1' }, ";
  ScriptRun names(script(target, hosts + "blockHostnames = { '*.test' }", "http://a.test:PORT/"));
  REQUIRE_MESSAGE(names.exit_code() == 0, names.log());
  CHECK(names.csv().rows("http_reqs", {{"error_code", "1111"}, {"error", "hostname is blocked"}}) ==
        2);
  ScriptRun ips(script(target, hosts + "blacklistIPs = { '127.0.0.0/8' }", "http://a.test:PORT/"));
  REQUIRE_MESSAGE(ips.exit_code() == 0, ips.log());
  CHECK(ips.csv().rows("http_reqs", {{"error_code", "1110"}, {"error", "ip is blacklisted"}}) == 2);
  CHECK(target.requests() == 0);
}

TEST_CASE("connections are kept as long as the options say") {
  const std::string url = "http://127.0.0.1:PORT/bytes/50";
  // Ten each: of shared iterations one VU may do all.
  const std::string load =
      "scenarios = { each = { executor = 'per-vu-iterations', vus = 2, iterations = 10 } }";
  struct {
    const char* options;
    uint64_t connections;
  } const cases[] = {
      {"", 2}, {", noConnectionReuse = true", 20}, {", noVUConnectionReuse = true", 20}};
  for (const auto& one : cases) {
    const TargetProcess target;
    ScriptRun run(script(target, load + one.options, url));
    REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
    CHECK(target.requests() == 20);
    CHECK(target.stats().at("connections") == one.connections);
  }
}

TEST_CASE("a rate for the whole run holds over all VUs and workers") {
  const TargetProcess target;
  ScriptRun run(
      script(target, "vus = 8, duration = '1s', rps = 50", "http://127.0.0.1:PORT/bytes/9"),
      {"--workers", "2"});
  REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
  // One at once, one every 20 ms, and one for each VU that waits for its turn at the end.
  CHECK(target.requests() <= 1 + 50 + 8);
  CHECK(target.requests() > 8);
  CHECK(run.count("http_reqs") == target.requests());
}

TEST_CASE("the environment names a proxy, and its failures are told as such") {
  const TargetProcess target;
  const std::string text = script(target, "iterations = 1", "http://nowhere.test/");
  const ProcessResult refused = run_with(text, {{"HTTP_PROXY", "127.0.0.1:1"}, {"NO_PROXY", ""}});
  CHECK(refused.exit_code == 0);
  CHECK(refused.err.find("proxy 127.0.0.1:1: dial: connection refused") != std::string::npos);

  const ProcessResult unknown = run_with(text, {{"HTTP_PROXY", "socks5://127.0.0.1:1"}});
  CHECK(unknown.exit_code == 104);
  CHECK(unknown.err.find("HTTP_PROXY: a proxy is reached over http://") != std::string::npos);
}

}  // namespace
}  // namespace perigee
