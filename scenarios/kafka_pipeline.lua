-- Inferences over Kafka at a fixed rate, as the pipelines of Seldon Core 2 answer them: from the
-- topic of a pipeline's inputs to that of its outputs. Set-up makes a pipeline of each model.
-- Run: perigee serve --kafka, and then
--   SCHEDULER_ENDPOINT=127.0.0.1:9000 perigee run scenarios/kafka_pipeline.lua
-- Which models, where and how: environment variables, see docs/environment.md.
local control_plane = require "components.control_plane"
local inference     = require "components.inference"
local models        = require "components.models"
local settings      = require "components.settings"
local setup         = require "components.setup"
local thresholds    = require "components.thresholds"

local M = {}

M.options = {
  setupTimeout = "6000s",
  teardownTimeout = "6000s",
  scenarios = {
    constant_request_rate = {
      executor = "constant-arrival-rate",
      rate = settings.request_rate,
      timeUnit = "1s",
      duration = settings.constant_rate_duration_seconds .. "s",
      preAllocatedVUs = 10,
      maxVUs = 1000,
    },
  },
  thresholds = thresholds.of_kafka_scenario("constant_request_rate"),
  thresholdNoSamples = thresholds.no_samples,
}

-- As if VIA_PIPELINE were set.
settings.via_pipeline = true
if not settings.skip_load_model then control_plane.require_kind("pipeline") end

M.setup = setup.setup_base
M.teardown = setup.teardown_base

local infer = inference.over_kafka()

function M.default(data)
  infer(models.any(data))
end

return M
