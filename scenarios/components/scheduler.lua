-- A control plane: loads and unloads models, pipelines and experiments through the scheduler of
-- Seldon Core 2, and waits for the states that it reports.
local objects    = require "components.scheduler_objects"
local transition = require "components.transition"

-- What the scheduler reports is checked as the objects' states.
local M = { knows_states = true }

local function order(kind, verb)
  return function(list, report)
    return transition.run(objects[kind], objects[kind][verb], list, report)
  end
end

M.load_models = order("model", "load")
M.unload_models = order("model", "unload")
M.load_pipelines = order("pipeline", "load")
M.unload_pipelines = order("pipeline", "unload")
M.start_experiments = order("experiment", "start")
M.stop_experiments = order("experiment", "stop")

return M
