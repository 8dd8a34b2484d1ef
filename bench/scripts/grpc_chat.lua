-- A bidirectional stream of gRPC for each VU: it sends, receives and checks one message after the other.
-- Run: perigee run -e ADDRESS=127.0.0.1:9000 -e PROTOS=scenarios/protos -e MESSAGES=100 bench/scripts/grpc_chat.lua
local perigee = require "perigee"
local grpc    = require "perigee.grpc"

local client = grpc.client()
client:load({ __ENV.PROTOS }, "perigee/test.proto")

local M = {}

M.options = { thresholds = { checks = { "rate>0.99" } } }

function M.default()
  client:connect(__ENV.ADDRESS, { plaintext = true })
  local stream = client:stream("perigee.test.Test/Chat")
  local text
  local checks = { ["it comes back"] = function(message) return message.text == text end }
  for i = 1, tonumber(__ENV.MESSAGES) do
    text = "message " .. i
    stream:send({ text = text })
    perigee.check(stream:receive(), checks)
  end
  stream:close_send()
  stream:receive()
end

return M
