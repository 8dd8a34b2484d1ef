-- Each iteration loads two models and starts an experiment that shares the first one's requests out
-- to both, infers, and takes all of it away again.
-- Run: SCHEDULER_ENDPOINT=127.0.0.1:9004 perigee run -u 5 -i 100 scenarios/experiment.lua
-- Which models, where and how: environment variables, see docs/environment.md.
local execution     = require "perigee.execution"
local cleanup       = require "components.cleanup"
local control_plane = require "components.control_plane"
local inference     = require "components.inference"
local models        = require "components.models"
local settings      = require "components.settings"
local thresholds    = require "components.thresholds"

local M = {}

M.options = { thresholds = thresholds.of_a_run(), thresholdNoSamples = thresholds.no_samples }

control_plane.require_kind("experiment")
if settings.model_name ~= "" then
  error("MODEL_NAME: this scenario loads models of names of its own: leave it unset", 0)
end

local infer = inference.over_all()

local function experiment_of(number, candidates)
  local names = {}
  for i, model in ipairs(candidates) do names[i] = model.name end
  return { name = settings.experimentname_prefix .. number, candidates = names }
end

local function try(candidates, experiment)
  if not settings.skip_load_model then
    control_plane.load_models(candidates)
    control_plane.wait_until_ready(candidates)
  end
  if not settings.skip_load_experiment then control_plane.start_experiments({ experiment }) end
  infer(candidates[1])
  if not settings.skip_unload_experiment then control_plane.stop_experiments({ experiment }) end
  if not settings.skip_unload_model then control_plane.unload_models(candidates) end
end

local function clean(candidates, experiment)
  if not settings.skip_unload_experiment then
    control_plane.stop_started_experiments({ experiment })
  end
  if not settings.skip_unload_model then control_plane.unload_loaded_models(candidates) end
end

function M.default()
  local number = ("%d"):format(execution.scenario.iteration_in_test)
  local prefix = settings.modelname_prefix[1] .. number
  local candidates = { models.named(prefix .. "-1"), models.named(prefix .. "-2") }
  local experiment = experiment_of(number, candidates)
  cleanup.after_failure(
    function() try(candidates, experiment) end,
    function() clean(candidates, experiment) end)
end

return M
