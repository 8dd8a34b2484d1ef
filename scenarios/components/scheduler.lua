-- A control plane: loads and unloads models, pipelines and experiments through the scheduler of
-- Seldon Core 2, and waits for the states that it reports.
local grpc       = require "perigee.grpc"
local client     = require "components.scheduler_client"
local objects    = require "components.scheduler_objects"
local transition = require "components.transition"

-- What the scheduler reports is checked as the objects' states.
local M = { knows_states = true }

local function order(kind, verb)
  return function(list, report)
    return transition.run(objects[kind], objects[kind][verb], list, report)
  end
end

-- Whether an order has failed since its object is not there.
function M.is_gone(outcome)
  return outcome.status == grpc.StatusNotFound or outcome.status == grpc.StatusFailedPrecondition
end

local on_their_way_out = {
  ModelTerminating = true, ModelTerminated = true, ModelTerminate = true,
}

-- By name.
function M.list_models()
  local kind, found = objects.model, {}
  for _, message in ipairs(client.all_of(kind.status, { subscriberName = "perigee" })) do
    local state = kind.state_of(message)
    if state and not on_their_way_out[state.state] then
      found[kind.name_of(message)] = {
        state = state.state, ready = state.state == kind.load.wanted, replicas = state.replicas,
      }
    end
  end
  return found
end

M.load_models = order("model", "load")
M.unload_models = order("model", "unload")
M.load_pipelines = order("pipeline", "load")
M.unload_pipelines = order("pipeline", "unload")
M.start_experiments = order("experiment", "start")
M.stop_experiments = order("experiment", "stop")

return M
