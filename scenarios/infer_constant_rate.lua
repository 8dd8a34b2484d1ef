-- Inferences start at a fixed rate, whether those before are answered or not.
-- Run: REQUEST_RATE=200 perigee run scenarios/infer_constant_rate.lua
-- Which models, where and how: environment variables, see docs/environment.md.
local inference      = require "components.inference"
local models         = require "components.models"
local replica_change = require "components.replica_change"
local settings       = require "components.settings"
local setup          = require "components.setup"
local thresholds     = require "components.thresholds"

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
  thresholds = thresholds.of_scenario("constant_request_rate"),
  thresholdNoSamples = thresholds.no_samples,
}

M.setup = setup.setup_base
M.teardown = setup.teardown_base

local infer = inference.over(settings.infer_type)

function M.default(data)
  infer(models.any(data))
  replica_change.run()
end

return M
