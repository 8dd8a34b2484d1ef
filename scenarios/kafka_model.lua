-- Inferences over Kafka at a fixed rate, as the model gateway of Seldon Core 2 answers them: from
-- the topic of a model's inputs to that of its outputs.
-- Run: perigee serve --kafka, and then REQUEST_RATE=200 perigee run scenarios/kafka_model.lua
-- Which models, where and how: environment variables, see docs/environment.md.
local inference  = require "components.inference"
local models     = require "components.models"
local settings   = require "components.settings"
local setup      = require "components.setup"
local thresholds = require "components.thresholds"

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

M.setup = setup.setup_base
M.teardown = setup.teardown_base

local infer = inference.over_kafka()

function M.default(data)
  infer(models.any(data))
end

return M
