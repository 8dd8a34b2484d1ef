// The HTTP API against the go-httpbin that the environment names; see tests/peers/with_go_httpbin.
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// The server in `url`, and in `with_user` the same with the credentials ann:secret.
std::string script_of(const std::string& body) {
  return R"lua(
local http = require "perigee.http"
local websocket = require "perigee.websocket"
local url = __ENV.HTTPBIN_URL
local with_user = url:gsub("//", "//ann:secret@")

local function expect(value, wanted)
  if value ~= wanted then
    error(("%s instead of %s"):format(tostring(value), tostring(wanted)), 2)
  end
end

return { options = { tlsCACerts = { __ENV.HTTPBIN_CA } }, default = function()
)lua" + body +
         "\nend }";
}

// One iteration of this body, which must end without an error.
struct Iteration : ScriptRun {
  explicit Iteration(const std::string& body) : ScriptRun(script_of(body)) {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

}  // namespace

TEST_CASE("go-httpbin speaks HTTP/1.1 in clear text and HTTP/2 over TLS") {
  const Iteration run(R"lua(
    local res = http.get(url .. "/get")
    expect(res.proto, url:find("^https") and "HTTP/2.0" or "HTTP/1.1")
    expect(res.tls_version, url:find("^https") and "tls1.3" or "")
  )lua");
}

TEST_CASE("go-httpbin sees every method with its body") {
  Iteration run(R"lua(
    expect(http.get(url .. "/get"):json("method"), "GET")
    for name, send in pairs({ POST = http.post, PUT = http.put, PATCH = http.patch,
                              DELETE = http.del }) do
      local res = send(url .. "/" .. name:lower(), "the body",
        { headers = { ["Content-Type"] = "text/plain" } })
      expect(res:json("method"), name)
      expect(res:json("data"), "the body")
    end
    local res = http.head(url .. "/get")
    expect(res.status, 200)
    expect(res.body, "")
    res = http.options(url .. "/get")
    expect(res.status, 200)
    expect(res.headers["Access-Control-Allow-Methods"]:find("PATCH") ~= nil, true)
  )lua");
  CHECK(run.count("http_reqs") == 7);
}

TEST_CASE("compressed bodies of go-httpbin are unpacked") {
  const Iteration run(R"lua(
    for name, path in pairs({ gzip = "gzipped", deflate = "deflated" }) do
      local res = http.get(url .. "/" .. name)
      expect(res.headers["Content-Encoding"], name)
      expect(res:json(path), true)
    end
    expect(http.post(url .. "/post", "x", { compression = "gzip" })
      :json("headers.Content-Encoding.0"), "gzip")
  )lua");
}

TEST_CASE("redirections of go-httpbin are followed up to the limit, each hop counted") {
  Iteration run(R"lua(
    expect(http.get(url .. "/redirect/3").url, url .. "/get")
    expect(http.get(url .. "/absolute-redirect/2").url, url .. "/get")
    expect(http.get(url .. "/relative-redirect/1").status, 200)
    local res = http.get(url .. "/relative-redirect/12")
    expect(res.status, 302)
    expect(res.headers.Location, "/relative-redirect/1")
    expect(http.get(url .. "/redirect/1", { redirects = 0 }).status, 302)
    res = http.post(url .. "/redirect-to?url=/post&status_code=307", "the body",
      { headers = { ["Content-Type"] = "text/plain" } })
    expect(res:json("method"), "POST")
    expect(res:json("data"), "the body")
  )lua");
  CHECK(run.count("http_reqs") == 4 + 3 + 2 + 11 + 1 + 2);
  CHECK(run.log().find("Stopped after 10 redirects") != std::string::npos);
}

TEST_CASE("cookies of go-httpbin come and go") {
  const Iteration run(R"lua(
    local res = http.get(url .. "/cookies/set?a=1&b=2")
    expect(res:json("cookies.a"), "1")
    expect(res:json("cookies.b"), "2")
    expect(http.get(url .. "/cookies", { cookies = { c = "3" } }):json("cookies.c"), "3")
    res = http.get(url .. "/cookies/delete?a")
    expect(res:json("cookies.a"), nil)
    expect(res:json("cookies.b"), "2")
    expect(http.cookie_jar():cookies_for_url(url).b[1], "2")
    res = http.get(url .. "/cookies/set?d=4", { redirects = 0 })
    expect(res.cookies.d[1].value, "4")
  )lua");
}

TEST_CASE("go-httpbin accepts basic and digest authentication") {
  Iteration run(R"lua(
    expect(http.get(with_user .. "/basic-auth/ann/secret").status, 200)
    expect(http.get(url .. "/basic-auth/ann/secret").status, 401)
    for _, path in ipairs({ "", "/MD5", "/SHA-256" }) do
      local res = http.get(with_user .. "/digest-auth/auth/ann/secret" .. path, { auth = "digest" })
      expect(res.status, 200)
      expect(res:json("user"), "ann")
    end
    expect(http.get(with_user .. "/digest-auth/auth/ann/wrong", { auth = "digest" }).status, 401)
  )lua");
  CHECK(run.count("http_reqs") == 2 + 6 + 2);
  // The rounds that ask for the digest are none.
  CHECK(run.passes("http_req_failed") == 2);
}

TEST_CASE("go-httpbin reads forms and files") {
  const Iteration run(R"lua(
    local res = http.post(url .. "/post", { list = { 1, "two" }, text = "a b&c=ö" })
    expect(res:json("form.list.0"), "1")
    expect(res:json("form.list.1"), "two")
    expect(res:json("form.text.0"), "a b&c=ö")
    res = http.post(url .. "/post", { note = "n", file = http.file("the data", "a.txt") })
    expect(res:json("files.file.0"), "the data")
    expect(res:json("form.note.0"), "n")
  )lua");
}

TEST_CASE("go-httpbin's statuses, delays and headers arrive as they are") {
  Iteration run(R"lua(
    local res = http.get(url .. "/status/418")
    expect(res.status_text, "418 I'm a teapot")
    expect(res.error_code, 1418)
    res = http.get(url .. "/delay/5", { timeout = "100ms" })
    expect(res.error_code, 1050)
    expect(http.get(url .. "/response-headers?X-A=1&X-A=2").headers["X-A"], "1, 2")
    expect(http.get(url .. "/headers", { headers = { Host = "other.test" } })
      :json("headers.Host.0"), "other.test")
    expect(#http.get(url .. "/bytes/100000").body, 100000)
    expect(#http.get(url .. "/drip?duration=100ms&numbytes=5").body, 5)
    expect(http.get(url .. "/stream/3").headers["Content-Length"], nil)
    expect(http.get(url .. "/cache", { headers = { ["If-None-Match"] = "x" } }).status, 304)
  )lua");
  CHECK(run.passes("http_req_failed") == 2);
}

TEST_CASE("requests to go-httpbin wait side by side") {
  Iteration run(R"lua(
    local promises = {}
    for i = 1, 5 do promises[i] = http.async_request("GET", url .. "/delay/0.2") end
    local responses = http.batch({ a = url .. "/get", b = { "POST", url .. "/post", { x = "y" } } })
    expect(responses.b:json("form.x.0"), "y")
    for i = 1, 5 do expect(promises[i]:await().status, 200) end
  )lua");
  CHECK(run.count("http_reqs") == 7);
}

TEST_CASE("go-httpbin streams events and lines") {
  Iteration run(R"lua(
    local s = http.stream("GET", url .. "/sse?count=5&duration=200ms")
    expect(s.status, 200)
    expect(s.headers["Content-Type"], "text/event-stream; charset=utf-8")
    local count, last = 0, 0
    for event, time in s:events() do
      expect(event.event, "ping")
      expect(event.data:find('"id":' .. count, 1, true) ~= nil, true)
      expect(time >= last, true)
      count, last = count + 1, time
    end
    expect(count, 5)
    expect(last >= 200, true)
    expect(s.error, "")
    count = 0
    for line in http.stream("GET", url .. "/stream/3"):lines() do
      expect(line:sub(1, 1), "{")
      count = count + 1
    end
    expect(count, 3)
  )lua");
  CHECK(run.count("http_reqs") == 2);
  CHECK(run.count("http_stream_events") == 8);
}

TEST_CASE("go-httpbin echoes over a WebSocket") {
  Iteration run(R"lua(
    local ws = websocket.connect((url:gsub("^http", "ws")) .. "/websocket/echo")
    expect(ws.status, 101)
    ws:send("hello")
    expect(ws:receive("10s").data, "hello")
    ws:close()
  )lua");
  CHECK(run.count("ws_sessions") == 1);
}

}  // namespace perigee
