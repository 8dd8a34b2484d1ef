// TLS and HTTP/2 against the nginx that the environment names; see tests/peers/with_nginx.
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// Setup asks how many requests nginx has had, and teardown logs how many more it has by then,
// teardown's own included. An iteration finds in `at` the URLs by the names that the environment
// has them under ("TLS12"), and in `expect(value, wanted)` what ends it with an error.
ScriptRun load_nginx(const std::string& options, const std::string& iteration,
                     const std::string& init = {}) {
  return ScriptRun(R"lua(
local http = require "perigee.http"
local folder = __ENV.NGINX_CERTIFICATES .. "/"
local at = setmetatable({}, { __index = function(_, name) return __ENV["NGINX_" .. name .. "_URL"] end })

local function expect(value, wanted)
  if value ~= wanted then
    error(("%s instead of %s"):format(tostring(value), tostring(wanted)), 2)
  end
end

local function requests()
  return http.get(__ENV.NGINX_URL .. "/requests").body:match("%s%d+ %d+ (%d+)%s")
end
)lua" + init + R"lua(
local M = { options = { tlsCACerts = { folder .. "ca.pem" }, )lua" +
                   options + R"lua( } }

function M.setup() return requests() end

function M.default()
)lua" + iteration + R"lua(
end

function M.teardown(before) print("requests: " .. requests() - before) end

return M
)lua");
}

// Every iteration has come to its end, and nginx has had the requests that the summary counts.
void check_counts(ScriptRun& run, uint64_t requests) {
  REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
  CHECK(run.passes("http_req_failed") == 0);
  // Setup's and teardown's are among them; setup's came before the first number was read.
  CHECK(run.count("http_reqs") == requests + 2);
  CHECK_MESSAGE(run.logged("requests: " + std::to_string(requests + 1)), run.log());
}

}  // namespace

TEST_CASE("nginx is spoken to in TLS 1.2 and in TLS 1.3") {
  ScriptRun run = load_nginx("", R"lua(
    for name, version in pairs({ TLS12 = "1.2", TLS13 = "1.3" }) do
      local res = http.get(at[name] .. "/connection")
      expect(res.body:match("^HTTP/1.1|([^|]+)|"), "TLSv" .. version)
      expect(res.tls_version, "tls" .. version)
      expect(res.tls_cipher_suite ~= "", true)
      expect(res.timings.tls_handshaking > 0, true)
    end
  )lua");
  check_counts(run, 2);
}

TEST_CASE("an nginx of another version of TLS refuses the handshake, and the run goes on") {
  ScriptRun run = load_nginx("tlsVersion = 'tls1.3'", R"lua(
    local res = http.get(at.TLS12)
    expect(res.status, 0)
    print(res.error_code .. " " .. res.error)
    expect(http.get(at.TLS13 .. "/bytes/50").status, 200)
  )lua");
  REQUIRE(run.exit_code() == 0);
  CHECK_MESSAGE(run.logged("1300 remote error: tls: protocol version"), run.log());
  CHECK(run.count("iteration_errors") == 0);
}

TEST_CASE("nginx sees the certificate that it asks for") {
  ScriptRun run =
      load_nginx("tlsAuth = { { cert = folder .. 'client.pem', key = folder .. 'client.key' } }",
                 R"lua(
    local res = http.get(at.MUTUAL .. "/connection")
    expect(res.status, 200)
    expect(res.body:match("|([^|]+)$"), "CN=user of the test")
  )lua");
  check_counts(run, 1);
}

TEST_CASE("nginx refuses who shows no certificate or a stranger's") {
  for (const auto& [options, reason] :
       {std::pair<std::string, std::string>{"", "No required SSL certificate was sent"},
        {"tlsAuth = { { cert = folder .. 'other.pem', key = folder .. 'other.key' } }",
         "The SSL certificate error"}}) {
    ScriptRun run = load_nginx(options, R"lua(
      local res = http.get(at.MUTUAL)
      expect(res.status, 400)
      print(res.body)
    )lua");
    CHECK(run.exit_code() == 0);
    CHECK_MESSAGE(run.logged(reason), run.log());
    CHECK(run.count("iteration_errors") == 0);
  }
}

TEST_CASE("sessions with nginx are resumed by the clients that want it, each by its own VU") {
  for (const std::string name : {"TLS12", "TLS13"}) {
    ScriptRun run =
        load_nginx("vus = 2, iterations = 6, noConnectionReuse = true", R"lua(
      local url = at[')lua" + name + R"lua('] .. "/bytes/50"
      local res = client:get(url)
      expect(res.status, 200)
      expect(res.tls_resumed, visits > 0)
      visits = visits + 1
      expect(http.get(url).tls_resumed, false)
    )lua",
                   "local visits, client = 0, http.client{ tls = { resumeSessions = true } }");
    INFO(name);
    check_counts(run, 12);
  }
}

TEST_CASE("HTTP/2 is agreed on with nginx, or HTTP/1.1 where a client wants that") {
  ScriptRun run =
      load_nginx("", R"lua(
    expect(http.get(at.H2 .. "/connection").proto, "HTTP/2.0")
    expect(http.get(at.H2 .. "/connection").body:match("^[^|]+"), "HTTP/2.0")
    expect(http.get(at.TLS13 .. "/connection").proto, "HTTP/1.1")
    expect(old:get(at.H2 .. "/connection").body:match("^[^|]+"), "HTTP/1.1")
    expect(new:get(at.H2C .. "/connection").body:match("^[^|]+"), "HTTP/2.0")
    local res = new:get(at.TLS13)
    expect(res.status, 0)
    print(res.error)
  )lua",
                 "local old, new = http.client{ version = '1.1' }, http.client{ version = '2' }");
  REQUIRE(run.exit_code() == 0);
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
  CHECK_MESSAGE(run.logged("remote error: tls: no application protocol"), run.log());
}

TEST_CASE("more requests at a time than nginx allows on a connection wait for their turn") {
  ScriptRun run = load_nginx("vus = 20, iterations = 400", R"lua(
    local res = client:get(at.H2 .. "/bytes/5000")
    expect(res.status, 200)
    expect(#res.body, 5000)
  )lua",
                             "local client = http.client{ shared = 'one', maxConnections = 1 }");
  check_counts(run, 400);
}

TEST_CASE("large bodies go both ways over HTTP/2") {
  ScriptRun run =
      load_nginx("vus = 3, iterations = 12", R"lua(
    local res = client:get(at.H2C .. "/bytes/3000000")
    expect(res.status, 200)
    expect(#res.body, 3000000)
    -- nginx answers before it has read the whole body.
    expect(client:post(at.H2C .. "/connection", large).status, 200)
    expect(http.post(at.H2 .. "/connection", large).status, 200)
  )lua",
                 "local client = http.client{ version = '2' } local large = ('x'):rep(2000000)");
  check_counts(run, 36);
}

TEST_CASE("connections that nginx ends after three requests lose none") {
  for (const std::string name : {"SHORT", "SHORT_H2"}) {
    ScriptRun run = load_nginx("vus = 4, iterations = 120", R"lua(
      expect(http.get(at[')lua" + name + R"lua('] .. "/bytes/50").status, 200)
    )lua");
    INFO(name);
    check_counts(run, 120);
    CHECK(run.csv().totals().at("http_req_tls_handshaking").nonzero >= 40);
  }
}

TEST_CASE("shared connections that nginx ends after three requests lose none") {
  ScriptRun run = load_nginx("vus = 20, iterations = 400", R"lua(
    expect(client:get(at.SHORT_H2 .. "/bytes/50").status, 200)
  )lua",
                             "local client = http.client{ shared = 'few', maxConnections = 2 }");
  check_counts(run, 400);
}

}  // namespace perigee
