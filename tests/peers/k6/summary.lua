-- A summary of the script's own, as a file and on the screen.
local perigee = require "perigee"
local http    = require "perigee.http"
local json    = require "perigee.json"

local M = {}

M.options = {
  scenarios = { all = { executor = "per-vu-iterations", vus = 2, iterations = 3 } },
  summaryTrendStats = { "avg", "p(90)", "count" },
  thresholds = { http_reqs = { "count>=6" }, checks = { "rate>0.9" } },
}

function M.default()
  perigee.check(http.get(__ENV.TARGET .. "/status/" .. (__ITER == 0 and 200 or 201)), {
    ["is 200"] = function(r) return r.status == 200 end,
  })
end

function M.handleSummary(data)
  local failed, checks = {}, {}
  for name, metric in pairs(data.metrics) do
    for text, threshold in pairs(metric.thresholds or {}) do
      if not threshold.ok then failed[#failed + 1] = name .. " " .. text end
    end
  end
  table.sort(failed)
  for i, check in ipairs(data.root_group.checks) do
    checks[i] = ("%s: %d/%d"):format(check.name, check.passes, check.passes + check.fails)
  end
  local short = {
    requests = data.metrics.http_reqs.values.count,
    counted = data.metrics.http_req_duration.values.count,
    failed = json.array(failed),
    checks = checks,
    type = data.metrics.http_req_duration.type,
  }
  return { ["short.json"] = json.encode(short), stdout = short.requests .. " requests\n" }
end

return M
