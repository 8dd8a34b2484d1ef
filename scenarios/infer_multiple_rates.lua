-- Inferences start at rates that change: each of REQUEST_RATES is ramped to and then held.
-- Run: REQUEST_RATES=10,70,20 CONSTANT_RATE_DURATIONS_SECONDS=30,60,30 \
--        perigee run scenarios/infer_multiple_rates.lua
-- Which models, where and how: environment variables, see docs/environment.md.
local inference      = require "components.inference"
local models         = require "components.models"
local rate_stages    = require "components.rate_stages"
local replica_change = require "components.replica_change"
local setup          = require "components.setup"
local thresholds     = require "components.thresholds"

local M = {}

M.options = {
  setupTimeout = "6000s",
  teardownTimeout = "6000s",
  scenarios = {
    ramping_request_rates = {
      executor = "ramping-arrival-rate",
      startTime = "0s",
      startRate = 5,
      timeUnit = "1s",
      stages = rate_stages.list,
      preAllocatedVUs = 50,
      maxVUs = 1000,
    },
  },
  thresholds = thresholds.of_scenario("ramping_request_rates"),
  thresholdNoSamples = thresholds.no_samples,
}

function M.setup()
  print("stages: " .. rate_stages.describe())
  return setup.setup_base()
end

M.teardown = setup.teardown_base

local infer = inference.over_any()

function M.default(data)
  infer(models.any(data))
  replica_change.run()
end

return M
