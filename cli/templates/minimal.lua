-- The smallest scenario that sends a request.
-- Run: perigee serve &  perigee run FILE.lua
-- Another server: perigee run -e URL=http://127.0.0.1:8080/ FILE.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

-- How much load, for how long; flags such as -u and -d stand above it.
M.options = {
  vus = 2,
  duration = "5s",
  -- What must hold for the run to pass; if it does not, the exit code is 99.
  thresholds = {
    checks = { "rate==1" },                 -- every check holds
    iteration_errors = { "count==0" },      -- no iteration ends with an error
  },
}

local url = __ENV.URL or "http://127.0.0.1:9000/v2/health/ready"

-- One iteration: every virtual user does it again and again.
function M.default()
  local res = http.get(url)
  perigee.check(res, { ["status is 200"] = function(r) return r.status == 200 end })
  perigee.sleep(1)
end

return M
