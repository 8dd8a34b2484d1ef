-- A control plane: Seldon Core 2's proxy of its scheduler, which loads and unloads models and has
-- neither states nor pipelines. Whether a model is there, only its server says.
local client  = require "components.scheduler_client"
local objects = require "components.scheduler_objects"
local slices  = require "components.slices"

local M = {}

local SERVICE = "seldon.mlops.proxy.SchedulerProxy/"

local function outcome(failure)
  if failure then return { reason = failure.reason } end
  return { accepted = true, ok = true }
end

local function call_in_slices(method, models, message_of, report)
  local outcomes = {}
  for part, done in slices.of(models) do
    local messages = {}
    for i, model in ipairs(part) do messages[i] = message_of(model) end
    for _, failure in ipairs(client.call_each(SERVICE .. method, messages)) do
      outcomes[#outcomes + 1] = outcome(failure)
    end
    report(done)
  end
  return outcomes
end

-- As in components/repository.lua.
function M.load_models(models, report)
  return call_in_slices("LoadModel", models, function(model)
    return { request = objects.model_message(model) }
  end, report)
end

function M.unload_models(models, report)
  return call_in_slices("UnloadModel", models, function(model)
    return { model = { name = model.name } }
  end, report)
end

return M
