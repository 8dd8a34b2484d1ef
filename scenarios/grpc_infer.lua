-- Unary calls of gRPC: a model of the Open Inference Protocol, by its .proto.
-- Run: perigee serve, and then: perigee run scenarios/grpc_infer.lua
local perigee = require "perigee"
local grpc    = require "perigee.grpc"

local M = {}

M.options = {
  scenarios  = { callers = { executor = "constant-vus", vus = 20, duration = "10s" } },
  thresholds = { checks = { "rate>0.99" }, grpc_req_duration = { "p(95)<500" } },
}

local endpoint = __ENV.INFER_GRPC_ENDPOINT or "127.0.0.1:9000"
local method   = "inference.GRPCInferenceService/ModelInfer"

-- Four connections for all VUs; without this each has its own.
local client = grpc.client{ shared = "inference", connections = 4 }
client:load({ "protos" }, "inference/inference.proto")

-- Encoded once, sent many times. A table will do, too, where each request is another.
local request = grpc.encode(client, method, {
  model_name = "iris",
  inputs = { {
    name = "predict", datatype = "FP32", shape = { 1, 4 },
    contents = { fp32_contents = { 5.1, 3.5, 1.4, 0.2 } },
  } },
})

local is_ok = {
  ["status is OK"]      = function(res) return res.status == grpc.StatusOK end,
  ["there is a result"] = function(res) return res.message and #res.message.outputs == 1 end,
}

function M.default()
  client:connect(endpoint, { plaintext = true })
  perigee.check(client:invoke(method, request, { timeout = "2s" }), is_ok)
end

return M
