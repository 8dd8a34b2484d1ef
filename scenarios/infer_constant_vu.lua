-- A fixed number of users infer with models picked at random, as fast as they are answered.
-- Run: perigee run -u 5 -d 1m scenarios/infer_constant_vu.lua
-- Which models, where and how: environment variables, see docs/environment.md.
local inference = require "components.inference"
local models    = require "components.models"
local setup     = require "components.setup"

local M = {}

M.options = {
  duration = "30m",
  setupTimeout = "6000s",
  teardownTimeout = "6000s",
  -- Each of these adds a line to the summary that leaves out what set-up and teardown do.
  thresholds = {
    ["http_req_duration{scenario:default}"] = { "max>=0" },
    ["http_reqs{scenario:default}"] = {},
    ["data_received{scenario:default}"] = {},
    ["data_sent{scenario:default}"] = {},
  },
}

M.setup = setup.setup_base
M.teardown = setup.teardown_base

function M.default()
  inference.infer(models.any())
end

return M
