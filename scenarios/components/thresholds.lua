-- The thresholds of the scenarios.
local settings = require "components.settings"

local M = {}

-- Those that fail a run: CHECKS_MIN and ERRORS_MAX say when.
function M.of_a_run()
  local max = settings.errors_max
  return {
    checks = { ("rate>=%.14g"):format(settings.checks_min) },
    iteration_errors = { (max == 0 and "count==%d" or "count<=%d"):format(max) },
  }
end

-- Beside these, ones that never fail. Each adds a line to the summary that leaves out what set-up
-- and teardown do, by the scenario's tag.
function M.of_scenario(name)
  local thresholds = M.of_a_run()
  for metric, conditions in pairs({
    http_req_duration = { "max>=0" }, http_reqs = {}, grpc_req_duration = { "max>=0" },
    data_received = {}, data_sent = {},
  }) do
    thresholds[("%s{scenario:%s}"):format(metric, name)] = conditions
  end
  return thresholds
end

return M
