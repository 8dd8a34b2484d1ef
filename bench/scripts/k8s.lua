-- Creates, gets and deletes ConfigMaps, one call after the other in each VU: bench/k8s.
local execution = require "perigee.execution"
local k8s       = require "perigee.k8s"

local M = {}

local vus, count = tonumber(__ENV.VUS or "20"), tonumber(__ENV.COUNT or "1000")

M.options = {
  scenarios = {
    calls = { executor = "shared-iterations", vus = vus, iterations = count, maxDuration = "10m" },
  },
  thresholds = { iteration_errors = { "count==0" } },
}

function M.default()
  local name = "bench-" .. execution.scenario.iteration_in_test
  assert(k8s.create({
    apiVersion = "v1", kind = "ConfigMap", metadata = { name = name, namespace = "default" },
    data = { x = "1" },
  }))
  assert(k8s.get("ConfigMap", name, "default"))
  assert(k8s.delete("ConfigMap", name, "default"))
end

return M
