-- Inference as a scenario asks for it: over one protocol, over either at random, or over both in
-- turn. What these functions return infers with a model or a pipeline, or does nothing with
-- SKIP_INFER.
local http_inference = require "components.http_inference"
local settings       = require "components.settings"

local M = {}

-- The modules of gRPC and Kafka read .proto files and make clients, so scenarios that do not need
-- them do not load them.
local modules = {
  REST = "components.http_inference", gRPC = "components.grpc_inference",
  Kafka = "components.kafka_inference",
}
local iterations = { REST = "INFER_HTTP_ITERATIONS", gRPC = "INFER_GRPC_ITERATIONS" }

-- The protocols that the scenario infers by.
local protocols = {}

local function add(name)
  local protocol = require(modules[name])
  protocols[#protocols + 1] = protocol
  return protocol.infer
end

local function nothing() end

-- The functions that infer by the protocols whose iterations are above 0.
local function add_used()
  local used = {}
  if settings.uses_http then used[#used + 1] = add("REST") end
  if settings.uses_grpc then used[#used + 1] = add("gRPC") end
  if #used == 0 and not settings.skip_infer then
    error("INFER_HTTP_ITERATIONS and INFER_GRPC_ITERATIONS are both 0: nothing would be " ..
      "inferred; SKIP_INFER=true says that it is meant", 0)
  end
  return used
end

-- Over "REST" or "gRPC" only.
function M.over(name)
  local variable = iterations[name]
  if settings[variable:lower()] == 0 and not settings.skip_infer then
    error(("%s=0: this scenario infers over %s only; SKIP_INFER=true if nothing is to be inferred")
      :format(variable, name), 0)
  end
  local infer = add(name)
  return settings.skip_infer and nothing or infer
end

-- Over Kafka's topics only.
function M.over_kafka()
  local infer = add("Kafka")
  return settings.skip_infer and nothing or infer
end

-- Each time over one of the used protocols, at random.
function M.over_any()
  local used = add_used()
  if settings.skip_infer then return nothing end
  if #used == 1 then return used[1] end
  return function(called) used[math.random(#used)](called) end
end

-- Each time over all used protocols, HTTP first.
function M.over_all()
  local used = add_used()
  if settings.skip_infer then return nothing end
  return function(called)
    for _, infer in ipairs(used) do infer(called) end
  end
end

-- Infers over HTTP, for scripts that never do otherwise.
function M.infer(called)
  if not settings.skip_infer then http_inference.infer(called) end
end

-- Infers once with each of the list, by every protocol that the scenario uses.
function M.warm_up(list)
  local used = #protocols > 0 and protocols or { http_inference }
  for _, protocol in ipairs(used) do protocol.infer_once(list) end
end

-- For each of the list, in order: false if it is ready, else what its server says instead, by the
-- first protocol that the scenario uses. A server that says nothing is waited for so many seconds.
function M.reasons_not_ready(list, seconds)
  return (protocols[1] or http_inference).reasons_not_ready(list, seconds)
end

return M
