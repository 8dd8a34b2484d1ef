-- HTTP requests with checks and thresholds.
-- Run: perigee serve &  perigee run FILE.lua
-- Another server: perigee run -e URL=http://127.0.0.1:8080/ FILE.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = {
  vus = 5,
  duration = "10s",
  -- What must hold for the run to pass; if it does not, the exit code is 99.
  thresholds = {
    http_req_failed = { "rate<0.01" },      -- fewer than 1 % of the requests fail
    http_req_duration = { "p(95)<500" },    -- 95 % are answered within 500 ms
    checks = { "rate>0.99" },
    iteration_errors = { "count==0" },      -- no iteration ends with an error
  },
}

local url = __ENV.URL or "http://127.0.0.1:9000/v2/health/ready"

local is_ok = {
  ["status is 200"] = function(res) return res.status == 200 end,
}

-- One iteration: every virtual user does it again and again.
function M.default()
  local res = http.get(url)
  perigee.check(res, is_ok)
  perigee.sleep(0.1)
end

return M
