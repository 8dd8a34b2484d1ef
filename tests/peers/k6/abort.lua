-- A threshold of the run's own making: the third bad answer ends the test.
local perigee   = require "perigee"
local execution = require "perigee.execution"
local http      = require "perigee.http"

local M = {}

M.options = { vus = 1, iterations = 100 }

local bad = 0

function M.default()
  local res = http.get(__ENV.TARGET .. "/status/" .. (__ITER % 2 == 1 and 500 or 200))
  if perigee.check(res, { ok = function(r) return r.status == 200 end }) then return end
  bad = bad + 1
  if bad == 3 then execution.test.abort(bad .. " bad answers") end
end

return M
