-- Makes ConfigMaps and waits for each by the watch that all VUs share: bench/k8s.
local execution = require "perigee.execution"
local k8s       = require "perigee.k8s"

local M = {}

M.options = {
  scenarios = {
    waits = {
      executor = "shared-iterations", vus = 100, iterations = tonumber(__ENV.COUNT or "1000"),
      maxDuration = "10m",
    },
  },
  thresholds = { iteration_errors = { "count==0" } },
}

function M.default()
  local made = assert(k8s.create({
    apiVersion = "v1", kind = "ConfigMap", data = { x = "1" },
    metadata = { name = "bench-" .. execution.scenario.iteration_in_test, namespace = "default" },
  }))
  assert(k8s.wait({ made, jsonpath = "{.data.x}=1", timeout = "60s" }))
  assert(k8s.delete(made))
end

return M
