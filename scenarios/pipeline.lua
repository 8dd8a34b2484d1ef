-- Each iteration loads a model and a pipeline of its own, infers through the pipeline and unloads
-- both again.
-- Run: SCHEDULER_ENDPOINT=127.0.0.1:9004 perigee run -u 5 -i 100 scenarios/pipeline.lua
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

control_plane.require_kind("pipeline")

local infer = inference.over_all()

local function try(model, pipeline)
  if not settings.skip_load_model then
    control_plane.load_models({ model })
    control_plane.load_pipelines({ pipeline })
    control_plane.wait_until_ready({ pipeline })
  end
  infer(pipeline)
  if not settings.skip_unload_model then
    control_plane.unload_pipelines({ pipeline })
    control_plane.unload_models({ model })
  end
end

local function clean(model, pipeline)
  if settings.skip_unload_model then return end
  control_plane.unload_loaded_pipelines({ pipeline })
  control_plane.unload_loaded_models({ model })
end

function M.default()
  local model = models.nth(1, execution.scenario.iteration_in_test)
  local pipeline = models.pipeline_of(model)
  cleanup.after_failure(function() try(model, pipeline) end, function() clean(model, pipeline) end)
end

return M
