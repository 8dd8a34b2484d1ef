-- The smallest scenario. Run: perigee run FILE.lua
local perigee = require "perigee"

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

-- One iteration: every virtual user does it again and again.
function M.default()
  perigee.check(1 + 1, { ["one and one is two"] = function(sum) return sum == 2 end })
  perigee.sleep(1)
end

return M
