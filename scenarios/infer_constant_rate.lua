-- Inferences start at a fixed rate, whether those before are answered or not.
-- Run: REQUEST_RATE=200 perigee run scenarios/infer_constant_rate.lua
-- Which models, where and how: environment variables, see docs/environment.md.
local inference = require "components.inference"
local models    = require "components.models"
local settings  = require "components.settings"
local setup     = require "components.setup"

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
  -- Each of these adds a line to the summary that leaves out what set-up and teardown do.
  thresholds = {
    ["http_req_duration{scenario:constant_request_rate}"] = { "max>=0" },
    ["http_reqs{scenario:constant_request_rate}"] = {},
    ["data_received{scenario:constant_request_rate}"] = {},
    ["data_sent{scenario:constant_request_rate}"] = {},
  },
}

M.setup = setup.setup_base
M.teardown = setup.teardown_base

function M.default()
  inference.infer(models.any())
end

return M
