-- A client's stream of gRPC: many messages, one answer to all of them.
-- Run: perigee serve, and then: perigee run scenarios/grpc_client_stream.lua
local perigee = require "perigee"
local grpc    = require "perigee.grpc"

local M = {}

M.options = {
  scenarios  = { writers = { executor = "constant-vus", vus = 10, duration = "10s" } },
  thresholds = { checks = { "rate>0.99" } },
}

local client = grpc.client()
client:load({ "protos" }, "perigee/test.proto")

function M.default()
  client:connect(__ENV.INFER_GRPC_ENDPOINT or "127.0.0.1:9000", { plaintext = true })
  local stream = client:stream("perigee.test.Test/Sum", { timeout = "10s" })
  for value = 1, 100 do
    -- False: the server has ended the stream; its status says why.
    if not stream:send({ value = value }) then break end
  end
  stream:close_send()
  local answer = stream:receive()
  stream:receive()    -- the end, with the status
  perigee.check(stream, {
    ["status is OK"]     = function(s) return s.status == grpc.StatusOK end,
    ["the sum is right"] = function() return answer and answer.sum == 5050 end,
  })
end

return M
