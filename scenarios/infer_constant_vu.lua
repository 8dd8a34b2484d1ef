-- A fixed number of users infer with models picked at random, as fast as they are answered.
-- Run: perigee run -u 5 -d 1m scenarios/infer_constant_vu.lua
-- Which models, where and how: environment variables, see docs/environment.md.
local inference      = require "components.inference"
local models         = require "components.models"
local replica_change = require "components.replica_change"
local setup          = require "components.setup"
local thresholds     = require "components.thresholds"

local M = {}

M.options = {
  duration = "30m",
  setupTimeout = "6000s",
  teardownTimeout = "6000s",
  thresholds = thresholds.of_scenario("default"),
  thresholdNoSamples = thresholds.no_samples,
}

M.setup = setup.setup_base
M.teardown = setup.teardown_base

local infer = inference.over_any()

function M.default(data)
  infer(models.any(data))
  replica_change.run()
end

return M
