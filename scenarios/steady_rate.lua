-- Steady load on one model: 50 inferences start each second, and 95 % must take less than 200 ms.
-- Run: perigee run -e RATE=200 -e DURATION=1m scenarios/steady_rate.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = {
  scenarios = {
    steady = {
      executor = "constant-arrival-rate",
      rate = tonumber(__ENV.RATE or 50),
      duration = __ENV.DURATION or "10s",
      preAllocatedVUs = 20,
    },
  },
  thresholds = {
    ["http_req_duration{scenario:steady}"] = { "p(95)<200" },
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
