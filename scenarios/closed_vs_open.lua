-- The same requests by five users who wait for their answers, then at a rate that waits for none:
-- in a closed model a slow server slows the load down, in an open one it can't.
-- Run: perigee serve --latency exponential:20ms &  perigee run scenarios/closed_vs_open.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

local duration = __ENV.DURATION or "5s"

M.options = {
  scenarios = {
    closed = {
      executor = "constant-vus", vus = 5, duration = duration, tags = { model = "closed" },
    },
    open = {
      executor = "constant-arrival-rate", rate = 100, duration = duration, startTime = duration,
      preAllocatedVUs = 20, maxVUs = 200, tags = { model = "open" },
    },
  },
  thresholds = {
    ["http_req_duration{model:closed}"] = { "p(95)<500" },
    ["http_req_duration{model:open}"] = { "p(95)<500" },
    ["iteration_latency{model:open}"] = { "p(95)<500" },
    dropped_iterations = { "count==0" },
  },
}

local url    = (__ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000") .. "/v2/models/iris/infer"
local body   = [[{"inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}]]
local params = { headers = { ["Content-Type"] = "application/json" } }
local is_ok  = { ["status is 200"] = function(res) return res.status == 200 end }

function M.default()
  perigee.check(http.post(url, body, params), is_ok)
end

return M
