// Calls of gRPC to nghttpd, which speaks HTTP/2 and knows nothing of gRPC; see
// tests/peers/with_nghttpd.
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// One iteration of this body, which must end without an error. It finds in `clear`, `tls` and
// `early` the servers' addresses, and in `fails(res, status, text)` what a response is held to.
struct Iteration : ScriptRun {
  explicit Iteration(const std::string& body)
      : ScriptRun(R"lua(
local grpc = require "perigee.grpc"
local client = grpc.client()
client:load({ __ENV.GRPC_PROTOS }, "perigee/test.proto")
local echo, count = "perigee.test.Test/Echo", "perigee.test.Test/Count"
local certificate = open(__ENV.NGHTTPD_CA)
local function address(url) return (url:gsub("^https?://", "")) end
local clear, tls = address(__ENV.NGHTTPD_URL), address(__ENV.NGHTTPD_TLS_URL)
local early = address(__ENV.NGHTTPD_EARLY_URL)

local function fails(res, status, text)
  if res.status ~= status or not res.error.message:find(text, 1, true) then
    error(("status %d: %s"):format(res.status, tostring(res.error and res.error.message)), 2)
  end
end

return { default = function()
)lua" + body + "\nend }",
                  {"--workers", "1"}) {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

}  // namespace

TEST_CASE("what a server of HTTP/2 sends back without a content-type is no response of gRPC") {
  Iteration run(R"lua(
    for _, params in ipairs({ { clear, { plaintext = true } }, { tls, { tls = { cacerts = { certificate } } } } }) do
      client:connect(params[1], params[2])
      fails(client:invoke(echo, { text = "a" }), grpc.StatusUnknown, "content-type")
      local stream = client:stream(count)
      stream:send({ messages = 3 })
      assert(stream:receive() == nil)
      fails(stream, grpc.StatusUnknown, "content-type")
    end
  )lua");
  CHECK(run.count("grpc_reqs") == 4);
  CHECK(run.passes("grpc_req_failed") == 4);
}

TEST_CASE("a page that says not found, before the request is read, is an unimplemented method") {
  Iteration run(R"lua(
    client:connect(early, { plaintext = true })
    fails(client:invoke(echo, { text = ("x"):rep(1000000) }), grpc.StatusUnimplemented, "404")
    fails(client:invoke(echo, { text = "a" }), grpc.StatusUnimplemented, "404")
  )lua");
  CHECK(run.passes("grpc_req_failed") == 2);
}

TEST_CASE("calls beyond the ten streams that nghttpd allows at a time wait for their turn") {
  Iteration run(R"lua(
    client:connect(clear, { plaintext = true })
    local promises = {}
    for i = 1, 100 do promises[i] = client:async_invoke(echo, { text = ("x"):rep(1000 * i) }) end
    for i = 1, 100 do fails(promises[i]:await(), grpc.StatusUnknown, "content-type") end
  )lua");
  CHECK(run.count("grpc_reqs") == 100);
  CHECK(run.csv().rows("grpc_req_connecting", {}) == 100);
}

}  // namespace perigee
