// Servers that close a connection right behind each response, without having announced it.
#include <doctest/doctest.h>

#include "tests/process/script_run.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

constexpr const char* kStreams = R"lua(
local http = require "perigee.http"
local M = {}
function M.default()
  local stream = http.stream("POST", __ENV.URL, "{}")
  for event in stream:events() do end
end
return M
)lua";

constexpr const char* kRequests = R"lua(
local http = require "perigee.http"
local M = {}
function M.default()
  http.post(__ENV.URL, "{}")
end
return M
)lua";

const std::string kStream =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    "b\r\ndata: one\n\n\r\n0\r\n\r\n";
const std::string kResponse = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

TEST_CASE("no POST in a closed loop fails against a server that closes behind its responses") {
  struct Case {
    const char* script;
    const std::string& response;
  };
  for (const Case& c : {Case{kStreams, kStream}, Case{kRequests, kResponse}}) {
    RawServer server({{RawServer::request(), RawServer::send(c.response)}});
    ScriptRun run(c.script, {"-u", "2", "-i", "200", "-e", "URL=" + server.url()});
    CAPTURE(run.log());
    CHECK(run.count("http_reqs") == 200);
    CHECK(run.passes("http_req_failed") == 0);
    CHECK(run.count("http_reqs_retried") == 0);
    CHECK(server.requests().size() == 200);
  }
}

}  // namespace
}  // namespace perigee
