// HTTP/2 against the nghttpd that the environment names; see tests/peers/with_nghttpd.
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// Iterations of this body. It finds in `client` one whose single connection all VUs share, and in
// `expect(value, wanted)` what ends the iteration with an error.
struct Load : ScriptRun {
  Load(const std::string& options, const std::string& body)
      : ScriptRun(R"lua(
local http = require "perigee.http"
local client = http.client{ shared = "one", version = "2", maxConnections = 1 }
local clear, tls, early = __ENV.NGHTTPD_URL, __ENV.NGHTTPD_TLS_URL, __ENV.NGHTTPD_EARLY_URL
local large = ("x"):rep(3000000)

local function expect(value, wanted)
  if value ~= wanted then
    error(("%s instead of %s"):format(tostring(value):sub(1, 100), tostring(wanted):sub(1, 100)), 2)
  end
end

return { options = { tlsCACerts = { __ENV.NGHTTPD_CA }, )lua" +
                      options +
                      R"lua( }, default = function()
)lua" + body + "\nend }",
                  {"--workers", "1"}) {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
    CHECK(passes("http_req_failed") == 0);
  }

  uint64_t connections() { return csv().totals().at("http_req_connecting").nonzero; }
};

}  // namespace

TEST_CASE("hundreds of VUs share one connection to nghttpd") {
  for (const std::string server : {"clear", "tls"}) {
    INFO(server);
    Load run("vus = 200, iterations = 4000", R"lua(
      local res = client:get()lua" + server + R"lua( .. "/small")
      expect(res.status, 200)
      expect(res.proto, "HTTP/2.0")
      expect(#res.body, 50)
    )lua");
    CHECK(run.count("http_reqs") == 4000);
    CHECK(run.connections() == 1);
  }
}

TEST_CASE("large bodies of many streams arrive whole from nghttpd, with trailers and pushes") {
  for (const std::string server : {"clear", "tls"}) {
    INFO(server);
    Load run("vus = 15, iterations = 45", R"lua(
      local res = client:get()lua" + server + R"lua( .. "/large")
      expect(res.status, 200)
      expect(res.body, large)
    )lua");
    CHECK(run.count("http_reqs") == 45);
  }
}

TEST_CASE("large bodies go to nghttpd and come back") {
  for (const std::string server : {"clear", "tls"}) {
    INFO(server);
    Load run("vus = 8, iterations = 24", R"lua(
      local res = client:post()lua" + server +
                                             R"lua( .. "/echo", large)
      expect(res.status, 200)
      expect(res.body, large)
    )lua");
    CHECK(run.count("http_reqs") == 24);
  }
}

TEST_CASE("nghttpd may answer before it has the whole request") {
  Load run("vus = 5, iterations = 20", R"lua(
    expect(client:post(early .. "/small", large).status, 200)
  )lua");
  CHECK(run.count("http_reqs") == 20);
}

}  // namespace perigee
