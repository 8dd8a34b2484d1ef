-- Unary calls of gRPC, each checked: of a message that is encoded once (ENCODED=1), or of a table that each call builds
-- and whose response is read. Over a connection for each VU, or a number of connections that all share.
-- Run: perigee run -e ADDRESS=127.0.0.1:9000 -e PROTOS=scenarios/protos bench/scripts/grpc_infer.lua
local perigee = require "perigee"
local grpc    = require "perigee.grpc"

local address, encoded, connections = __ENV.ADDRESS, __ENV.ENCODED == "1", tonumber(__ENV.CONNECTIONS)
local client = grpc.client(connections and { shared = "all", connections = connections } or {})
client:load({ __ENV.PROTOS }, "inference/inference.proto")

local M = {}

M.options = { thresholds = { checks = { "rate>0.99" }, grpc_req_failed = { "rate<0.01" } } }

local method, rows = "inference.GRPCInferenceService/ModelInfer", 8

local function request()
  local values = {}
  for i = 1, 4 * rows do values[i] = i end
  return {
    model_name = "iris",
    inputs = { { name = "predict", datatype = "FP32", shape = { rows, 4 }, contents = { fp32_contents = values } } },
  }
end

local status_only = { ["is OK"] = function(res) return res.status == grpc.StatusOK end }
local whole = {
  ["names its model"] = function(res)
    return res.status == grpc.StatusOK and res.message.model_name == "iris"
      and #res.message.outputs[1].contents.int64_contents == rows
  end,
}

local prepared = encoded and grpc.encode(client, method, request())
local params = { plaintext = true }

function M.default()
  client:connect(address, params)
  if prepared then
    perigee.check(client:invoke(method, prepared), status_only)
  else
    perigee.check(client:invoke(method, request()), whole)
  end
end

return M
