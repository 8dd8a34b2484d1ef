-- Calls of gRPC, one of which fails as it should.
local perigee = require "perigee"
local grpc    = require "perigee.grpc"

local M = {}

M.options = {
  vus = 2,
  iterations = 4,
  thresholds = { checks = { "rate==1" }, grpc_req_duration = { "max>=0" } },
}

local client = grpc.client()

function M.default()
  if __ITER == 0 then
    client:connect((__ENV.TARGET:gsub("^http://", "")), { plaintext = true, reflect = true })
  end
  local echo = client:invoke("perigee.test.Test/Echo", { text = "hello" },
    { tags = { call = "echo" } })
  perigee.check(echo, {
    ["echo is OK"] = function(r) return r.status == grpc.StatusOK end,
    ["same text"] = function(r) return r.message.text == "hello" end,
  })
  local failed = client:invoke("perigee.test.Test/Fail", { code = 5, message = "no such thing" })
  perigee.check(failed, {
    ["is not found"] = function(r) return r.status == grpc.StatusNotFound end,
    ["says so"] = function(r) return r.error.message == "no such thing" end,
  })
end

return M
