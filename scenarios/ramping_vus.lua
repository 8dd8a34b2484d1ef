-- A crowd that comes, stays and goes: up to 20 users, each of whom waits for answers and thinks.
-- Run: perigee run -e PEAK=100 -e STAGE=1m scenarios/ramping_vus.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

local peak  = tonumber(__ENV.PEAK or 20)
local stage = __ENV.STAGE or "5s"

M.options = {
  scenarios = {
    crowd = {
      executor = "ramping-vus",
      startVUs = 1,
      stages = {
        { duration = stage, target = peak },
        { duration = stage, target = peak },
        { duration = stage, target = 0 },
      },
      gracefulRampDown = "5s",
    },
  },
  thresholds = {
    ["http_req_duration{scenario:crowd}"] = { "p(95)<500" },
    checks = { "rate>0.99" },
  },
}

local url    = (__ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000") .. "/v2/models/iris/infer"
local body   = [[{"inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}]]
local params = { headers = { ["Content-Type"] = "application/json" } }
local is_ok  = { ["status is 200"] = function(res) return res.status == 200 end }

function M.default()
  perigee.check(http.post(url, body, params), is_ok)
  perigee.sleep(0.05)
end

return M
