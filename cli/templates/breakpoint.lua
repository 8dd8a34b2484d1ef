-- A rate that rises until the server breaks: the run ends where a threshold fails.
-- Run: perigee serve &  perigee run FILE.lua
-- Another server: perigee run -e URL=http://127.0.0.1:8080/ -e TO=5000 -e DURATION=10m FILE.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = {
  scenarios = {
    ramp = {
      executor = "ramping-arrival-rate",
      startRate = 1,                        -- iterations that start each second, at first
      stages = {                            -- ... and at the end, rising evenly
        { target = tonumber(__ENV.TO or 200), duration = __ENV.DURATION or "20s" },
      },
      preAllocatedVUs = 20,                 -- virtual users that exist from the start
      maxVUs = 500,                         -- and at most, when the server gets slow
    },
  },
  -- The first one that fails ends the run, with exit code 99: the rate until then is the answer.
  thresholds = {
    http_req_failed = { { threshold = "rate<0.05", abortOnFail = true, delayAbortEval = "2s" } },
    http_req_duration = { { threshold = "p(95)<1000", abortOnFail = true, delayAbortEval = "2s" } },
    iteration_errors = { "count==0" },      -- no iteration ends with an error
  },
}

local url = __ENV.URL or "http://127.0.0.1:9000/v2/health/ready"

local is_ok = { ["status is 200"] = function(res) return res.status == 200 end }

function M.default()
  perigee.check(http.get(url), is_ok)
end

return M
