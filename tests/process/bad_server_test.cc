// Requests that go wrong: an iteration sees why, the log says it, and the run goes on.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/process/script_run.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

constexpr const char* kScript = R"lua(
local http = require "perigee.http"
local M = {}
function M.default()
  local res = http.get(__ENV.URL, { timeout = __ENV.TIMEOUT })
  print(("%d %d %s"):format(res.status, res.error_code, res.error))
end
return M
)lua";

struct BadUrl {
  std::string url;
  std::string outcome;  // status, error_code, error
};

const BadUrl kBadUrls[] = {
    {"foo", "0 1020 it must start with http:// or https://"},
    {"http://", "0 1020 the host is missing"},
    {"ftp://host/", "0 1020 the scheme must be http or https, not \"ftp\""},
    {"http://a b/", "0 1020 the host name contains \" \""},
    {"http://127.0.0.1:99999/", "0 1020 the port must be a number from 1 to 65535, not \"99999\""},
    {"http://[::1/", "0 1020 a \"]\" is missing"},
    {"https://127.0.0.1:1/", "0 1212 dial: connection refused"},
    {"http://" + std::string(70, 'a') + ".test/", "0 1101 lookup: no such host"},
    {"http://127.0.0.1:1/", "0 1212 dial: connection refused"}};

struct BadAnswer {
  std::string what;
  RawServer::Script steps;  // after the request
  std::string outcome;
};

const BadAnswer kBadAnswers[] = {
    {"no answer", {RawServer::hang_up()}, "0 1000 EOF"},
    {"never an answer", {RawServer::hang()}, "0 1050 request timeout"},
    {"a reset", {RawServer::reset()}, "0 1220 read: connection reset by peer"},
    {"a reset in the middle",
     {RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), RawServer::gate(),
      RawServer::reset()},
     "0 1220 read: connection reset by peer"},
    {"a malformed status line",
     {RawServer::send("HTTP/1.1 abc OK\r\n\r\n")},
     "0 1000 malformed HTTP response: "},
    {"another protocol", {RawServer::send("SSH-2.0-x\r\n")}, "0 1000 malformed HTTP response: "},
    {"a malformed header",
     {RawServer::send("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n")},
     "0 1000 malformed HTTP response: "},
    {"a malformed length",
     {RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n")},
     "0 1000 malformed HTTP response: "},
    {"a malformed chunk",
     {RawServer::send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")},
     "0 1000 malformed HTTP response: "},
    {"a body shorter than promised",
     {RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")},
     "0 1000 unexpected EOF"},
    {"a body longer than promised",
     {RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more")},
     "200 0 "},
    {"headers without end",
     {RawServer::send("HTTP/1.1 200 OK\r\nX-Long: " + std::string(300'000, 'a'))},
     "0 1000 malformed HTTP response: the header block is too large"}};

ShortRun get(const std::string& url) {
  return run_script(kScript, {"-e", "URL=" + url, "-e", "TIMEOUT=400ms"});
}

}  // namespace

TEST_CASE("a request that can't be sent says why and the run goes on") {
  for (const BadUrl& bad : kBadUrls) {
    const ShortRun run = get(bad.url);
    INFO(bad.url, ": ", run.log);
    CHECK(run.exit_code == 0);
    CHECK(run.says_exactly(bad.outcome));
    const std::string reason = bad.outcome.substr(bad.outcome.find(' ', 2) + 1);
    CHECK(run.says_exactly(fmt::format("Request Failed: GET {}: {}", bad.url, reason)));
  }
}

TEST_CASE("a header that could smuggle in another one is not sent") {
  RawServer server({{RawServer::hang()}});
  const ShortRun run = run_script(
      "local http, M = require 'perigee.http', {}\n"
      "function M.default() http.get(__ENV.URL, { headers = { ['X-A'] = 'a\\r\\nX-B: b' } }) end\n"
      "return M",
      {"-e", "URL=" + server.url()});
  INFO(run.log);
  CHECK(run.exit_code == 0);
  CHECK(run.says_exactly("Request Failed: GET " + server.url() +
                         ": the header \"X-A\" has a value that HTTP does not allow"));
  CHECK(server.connections() == 0);
}

TEST_CASE("an answer that is none says why and the run goes on") {
  for (const BadAnswer& bad : kBadAnswers) {
    RawServer::Script steps = bad.steps;
    steps.insert(steps.begin(), RawServer::request());
    RawServer server({steps});
    server.open_gate();
    const ShortRun run = get(server.url());
    INFO(bad.what, ": ", run.log);
    CHECK(run.exit_code == 0);
    CHECK(run.says("msg=\"" + bad.outcome));
    CHECK(server.requests().size() == 1);
  }
}

}  // namespace perigee
