-- Each iteration loads a model of its own, infers with it and unloads it again.
-- Run: perigee run -u 5 -i 100 scenarios/load_predict_unload.lua
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

local infer = inference.over_all()

local function try(model)
  if not settings.skip_load_model then
    control_plane.load_models({ model })
    control_plane.wait_until_ready({ model })
  end
  infer(model)
  if not settings.skip_unload_model then control_plane.unload_models({ model }) end
end

local function clean(model)
  if not settings.skip_unload_model then control_plane.unload_loaded_models({ model }) end
end

function M.default()
  local model = models.nth(1, execution.scenario.iteration_in_test)
  cleanup.after_failure(function() try(model) end, function() clean(model) end)
end

return M
