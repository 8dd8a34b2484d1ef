-- Users create, update and delete models, and at times one of them checks, while all others wait,
-- that the control plane has what they have made.
-- Run: SCHEDULER_ENDPOINT=127.0.0.1:9004 perigee run -u 5 -i 10000 -d 9h \
--   scenarios/core2_qa_control_plane_ops.lua
-- Which models, how often and what is checked: environment variables, see docs/environment.md.
local perigee       = require "perigee"
local random        = require "perigee.random"
local control_plane = require "components.control_plane"
local models        = require "components.models"
local operations    = require "components.model_operations"
local settings      = require "components.settings"
local setup         = require "components.setup"
local state_check   = require "components.state_check"
local thresholds    = require "components.thresholds"

local SECONDS_AFTER_FAILURE = 2
-- A pause is longer by up to this share of it, so that users do not act in step.
local MAX_MORE = 0.2

local M = {}

M.options = {
  duration = "30m",
  setupTimeout = "6000s",
  teardownTimeout = "6000s",
  thresholds = thresholds.of_operations(),
}

control_plane.require_states()

for i, max in ipairs(settings.max_num_models) do
  if max > settings.max_create_ops_per_vu then
    error(("MAX_NUM_MODELS=%d of MODEL_TYPE %s: must be at most MAX_CREATE_OPS_PER_VU, which is " ..
      "%d: set-up's models have the first numbers"):format(
        max, settings.model_type[i], settings.max_create_ops_per_vu), 0)
  end
end

-- With SKIP_LOAD_MODEL the models that are there are the run's.
local function adopt()
  for name, model in pairs(control_plane.list_models()) do
    local i, n = operations.number_of(name)
    if i then operations.add_loaded(i, n, model.replicas) end
  end
end

function M.setup()
  setup.setup_base()
  if settings.skip_load_model then return adopt() end
  for _, model in ipairs(models.all()) do
    local i, n = operations.number_of(model.name)
    operations.add_loaded(i, n, model.replicas)
  end
end

function M.default()
  state_check.run_when_due()
  local outcome = state_check.beside_others(operations.run)
  if outcome and outcome.ok then
    perigee.sleep(settings.k8s_delay_seconds_per_vu * (1 + random.float() * MAX_MORE))
  else
    perigee.sleep(SECONDS_AFTER_FAILURE)
  end
end

-- What the run has made and not deleted. What may be gone already is no failure.
local function unload_all()
  local left = {}
  for _, entry in ipairs(operations.all()) do
    if entry.doubtful then
      operations.unload(entry.model)
    else
      left[#left + 1] = entry.model
    end
  end
  if settings.via_pipeline then control_plane.unload_pipelines(models.called(left)) end
  control_plane.unload_models(left)
end

function M.teardown()
  state_check.run_at_end()
  if not settings.skip_unload_model then unload_all() end
end

return M
