-- Users who know nothing of each other: inferences arrive at random, 50 a second on average, and
-- wait in a queue while all VUs are busy. `iteration_latency` counts from when they arrived; with a
-- slow model it shows the queue that `http_req_duration` does not see.
-- Run: perigee serve --latency exponential:20ms &  perigee run scenarios/poisson_queue.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = {
  scenarios = {
    users = {
      executor = "constant-arrival-rate",
      rate = tonumber(__ENV.RATE or 50),
      duration = __ENV.DURATION or "10s",
      preAllocatedVUs = 2,
      arrival = "poisson",
      seed = tonumber(__ENV.SEED or 42),
      overload = "queue",
    },
  },
  thresholds = {
    iteration_latency = { "p(95)<500" },
    checks = { "rate>0.99" },
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
