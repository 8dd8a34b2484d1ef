-- Each iteration infers over gRPC with every model of the first type in turn: more models than fit
-- into a server's memory have it evict and load them again all the time (overcommit).
-- Run: MAX_NUM_MODELS=50 perigee run -u 5 -i 500 scenarios/predict_agent_oc.lua
-- Which models, where and how: environment variables, see docs/environment.md.
local inference  = require "components.inference"
local models     = require "components.models"
local settings   = require "components.settings"
local setup      = require "components.setup"
local thresholds = require "components.thresholds"

local M = {}

M.options = {
  duration = "30m",
  setupTimeout = "600s",
  thresholds = thresholds.of_scenario("default"),
  thresholdNoSamples = thresholds.no_samples,
}

M.setup = setup.setup_base
M.teardown = setup.teardown_base

local infer = inference.over("gRPC")

function M.default(data)
  for n = 0, settings.max_num_models[1] - 1 do infer(models.called_nth(1, n, data)) end
end

return M
