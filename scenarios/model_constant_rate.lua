-- Inferences start at a fixed rate with models that are loaded already, picked at random from
-- MODEL_START_IDX to MODEL_END_IDX, or with the one that MODEL_NAME says.
-- Run: MODEL_NAME=iris REQUEST_RATE=200 perigee run scenarios/model_constant_rate.lua
-- Which models, where and how: environment variables, see docs/environment.md.
local inference  = require "components.inference"
local models     = require "components.models"
local settings   = require "components.settings"
local thresholds = require "components.thresholds"

local M = {}

M.options = {
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
  thresholds = thresholds.of_scenario("constant_request_rate"),
  thresholdNoSamples = thresholds.no_samples,
}

local infer = inference.over(settings.infer_type)

function M.default()
  infer(models.any_in_range())
end

return M
