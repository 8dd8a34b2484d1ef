-- The thresholds of the scenarios.
local settings = require "components.settings"

local M = {}

-- Where inferences are judged, a run without one that came to its end fails.
local judges_inferences = not settings.skip_infer and settings.checks_min > 0
M.no_samples = judges_inferences and "fail" or "pass"

-- Those that fail a run: CHECKS_MIN and ERRORS_MAX say when. Of the inferences a share of their own
-- must succeed, since the checks of a thousand models that load would hide how many do not.
function M.of_a_run()
  local max = settings.errors_max
  local thresholds = {
    checks = { ("rate>=%.14g"):format(settings.checks_min) },
    iteration_errors = { (max == 0 and "count==%d" or "count<=%d"):format(max) },
  }
  if judges_inferences then
    thresholds.inference_failed = { ("rate<=%.14g"):format(1 - settings.checks_min) }
  end
  return thresholds
end

-- Beside these, ones without a condition, which never fail: a protocol may have no samples. Each
-- adds a line to the summary that leaves out what set-up and teardown do, by the scenario's tag.
function M.of_scenario(name)
  local thresholds = M.of_a_run()
  for _, metric in ipairs({
    "http_req_duration", "http_reqs", "grpc_req_duration", "data_received", "data_sent",
  }) do
    thresholds[("%s{scenario:%s}"):format(metric, name)] = {}
  end
  return thresholds
end

-- Of a scenario that changes what the control plane has, and infers in set-up at most.
function M.of_operations()
  local thresholds = M.of_scenario("default")
  thresholds.inference_failed = nil
  thresholds.state_inconsistencies = { "count==0" }
  return thresholds
end

-- The same of a scenario that infers over Kafka.
function M.of_kafka_scenario(name)
  local thresholds = M.of_a_run()
  for _, metric in ipairs({ "kafka_request_duration", "kafka_requests", "kafka_request_failed" }) do
    thresholds[("%s{scenario:%s}"):format(metric, name)] = {}
  end
  return thresholds
end

return M
