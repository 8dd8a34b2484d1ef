-- A server's stream of gRPC: one request, many messages, each with the time at which it came.
-- Run: perigee serve, and then: perigee run scenarios/grpc_server_stream.lua
local perigee = require "perigee"
local grpc    = require "perigee.grpc"

local M = {}

M.options = {
  scenarios  = { readers = { executor = "constant-vus", vus = 10, duration = "10s" } },
  thresholds = {
    checks = { "rate>0.99" },
    grpc_stream_time_to_first_message = { "p(95)<500" },
    grpc_stream_message_gap = { "p(95)<100" },
  },
}

local client = grpc.client()
client:load({ "protos" }, "perigee/test.proto")

function M.default()
  client:connect(__ENV.INFER_GRPC_ENDPOINT or "127.0.0.1:9000", { plaintext = true })
  local stream = client:stream("perigee.test.Test/Count", { timeout = "10s" })
  stream:send({ messages = 20, interval_ms = 5, size = 100 })
  local count = 0
  for message in stream:messages() do
    count = count + 1
    if message.index ~= count then perigee.fail("a message is missing") end
  end
  perigee.check(stream, {
    ["status is OK"]     = function(s) return s.status == grpc.StatusOK end,
    ["all messages came"] = function() return count == 20 end,
  })
end

return M
