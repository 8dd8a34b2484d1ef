-- A bidirectional stream of gRPC: messages and their answers over one stream, as in a conversation.
-- Run: perigee serve, and then: perigee run scenarios/grpc_chat.lua
local perigee = require "perigee"
local grpc    = require "perigee.grpc"
local metrics = require "perigee.metrics"

local M = {}

M.options = {
  scenarios  = { talkers = { executor = "constant-vus", vus = 10, duration = "10s" } },
  thresholds = { checks = { "rate>0.99" }, round_trip = { "p(95)<100" } },
}

local client = grpc.client()
client:load({ "protos" }, "perigee/test.proto")

local round_trip = metrics.trend("round_trip", true)

function M.default()
  client:connect(__ENV.INFER_GRPC_ENDPOINT or "127.0.0.1:9000", { plaintext = true })
  local stream = client:stream("perigee.test.Test/Chat", { metadata = { room = tostring(__VU) } })
  local last = 0
  for i = 1, 10 do
    stream:send({ text = "message " .. i })
    local answer, time = stream:receive("5s")
    if not answer then break end
    perigee.check(answer, { ["it is an echo"] = function(a) return a.text == "message " .. i end })
    round_trip:add(time - last)
    last = time
  end
  stream:close_send()
  stream:receive()    -- the end, with the status
  perigee.check(stream, { ["status is OK"] = function(s) return s.status == grpc.StatusOK end })
end

return M
