-- Inference by the Open Inference Protocol over gRPC, on connections that outlive iterations.
local perigee  = require "perigee"
local grpc     = require "perigee.grpc"
local failed   = require "components.inference_failed"
local models   = require "components.models"
local routes   = require "components.routes"
local settings = require "components.settings"

local M = {}

local INFER = "inference.GRPCInferenceService/ModelInfer"
local READY = "inference.GRPCInferenceService/ModelReady"

local MAX_CONNECT_SECONDS = 30
local MAX_READY_SECONDS = 10

local connect_params = {
  plaintext = not settings.infer_grpc_tls,
  timeout = math.min(MAX_CONNECT_SECONDS, settings.model_load_timeout_seconds) .. "s",
}

-- Each VU has a connection of its own, unless INFER_GRPC_CONNECTIONS says how many they share.
local function new_client()
  if settings.infer_grpc_connections == 0 then return grpc.client() end
  return grpc.client{ shared = "inference", connections = settings.infer_grpc_connections }
end

local client = new_client()
client:load({ "protos" }, "inference/inference.proto")

local succeeded = {
  ["model grpc prediction success"] = function(res) return res.status == grpc.StatusOK end,
}

-- The call that infers: a message that is encoded once for each table that is called.
local function call_of(called)
  local call = called.grpc_call
  if not call then
    call = {
      message = grpc.encode(client, INFER, models.message(called, routes.served_name(called))),
      params = { metadata = routes.headers(called) },
    }
    called.grpc_call = call
  end
  return call
end

local function reason_of(res)
  return ("status %d %s"):format(res.status, res.error.message)
end

local function check(res, called)
  local ok = perigee.check(res, succeeded)
  if not ok and settings.debug then print(("%s: %s"):format(called.name, reason_of(res))) end
  return ok
end

local function connect()
  client:connect(settings.infer_grpc_endpoint, connect_params)
end

-- Infers as often as INFER_GRPC_ITERATIONS says.
function M.infer(called)
  connect()
  local call = call_of(called)
  for _ = 1, settings.infer_grpc_iterations do
    failed:add(not check(client:invoke(INFER, call.message, call.params), called))
  end
end

-- The responses to a call for each of the list, all of which are in flight together.
local function call_each(list, method, call_for)
  connect()
  local promises, responses = {}, {}
  for i, called in ipairs(list) do
    local call = call_for(called)
    promises[i] = client:async_invoke(method, call.message, call.params)
  end
  for i, promise in ipairs(promises) do responses[i] = promise:await() end
  return responses
end

-- Infers once with each of the list, all at the same time.
function M.infer_once(list)
  for i, res in ipairs(call_each(list, INFER, call_of)) do check(res, list[i]) end
end

local function ready_call_within(seconds)
  local timeout = math.min(MAX_READY_SECONDS, seconds) .. "s"
  return function(called)
    return {
      message = { name = routes.served_name(called) },
      params = { metadata = routes.headers(called), timeout = timeout },
    }
  end
end

-- For each of the list, in order: false if it is ready, else what the server says instead, or that
-- it has said nothing within so many seconds.
function M.reasons_not_ready(list, seconds)
  local reasons = {}
  local connected, why = pcall(connect)
  if not connected then
    for i in ipairs(list) do reasons[i] = tostring(why) end
    return reasons
  end
  for i, res in ipairs(call_each(list, READY, ready_call_within(seconds))) do
    if res.status ~= grpc.StatusOK then
      reasons[i] = reason_of(res)
    else
      reasons[i] = not res.message.ready and "not ready"
    end
  end
  return reasons
end

return M
