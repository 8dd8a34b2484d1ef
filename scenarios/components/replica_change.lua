-- What VU 1 does beside inferring, with ENABLE_MODEL_REPLICA_CHANGE: it changes the replicas of one
-- model of each type, at random, and pauses.
local perigee       = require "perigee"
local execution     = require "perigee.execution"
local control_plane = require "components.control_plane"
local models        = require "components.models"
local settings      = require "components.settings"

local M = {}

-- With other replicas alone the scheduler makes no new version, so the memory changes half of the
-- time, by a kilobyte for each replica.
local function changed(model)
  local share = math.random()
  model.replicas = math.floor(share * settings.max_model_replicas[model.type_index]) + 1
  if share > 0.5 then model.memory_bytes = model.memory_bytes + 1000 * model.replicas end
  return model
end

local function change_replicas()
  if execution.vu.id_in_test ~= 1 then return end
  local changes = {}
  for i, model in ipairs(models.any_of_each_type()) do changes[i] = changed(model) end
  control_plane.load_models(changes)
  perigee.sleep(settings.sleep_between_replica_change)
end

local function nothing() end

M.run = settings.enable_model_replica_change and change_replicas or nothing

return M
