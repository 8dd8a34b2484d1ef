-- Looks for the rate that is too much: inferences start at a rate that rises to 100 a second and
-- falls again, whether or not the model keeps up. The first stage warms it up.
-- Run: perigee run -e PEAK=2000 -e STAGE=30s scenarios/ramping_arrival_rate.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

local peak  = tonumber(__ENV.PEAK or 100)
local stage = __ENV.STAGE or "5s"

M.options = {
  scenarios = {
    wave = {
      executor = "ramping-arrival-rate",
      startRate = 10,
      stages = {
        { duration = stage, target = 10 },
        { duration = stage, target = peak },
        { duration = stage, target = 0 },
      },
      preAllocatedVUs = 20,
      maxVUs = 200,
    },
  },
  thresholds = {
    ["iteration_latency{scenario:wave}"] = { "p(95)<500" },
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
