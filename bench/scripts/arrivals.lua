-- A steady rate of small requests; the target notes when each of them arrives.
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = {
  scenarios = {
    steady = {
      executor = "constant-arrival-rate",
      rate = tonumber(__ENV.RATE or "1000"),
      duration = __ENV.DURATION or "5s",
      preAllocatedVUs = 100,
      maxVUs = 1000,
    },
  },
}

local url = (__ENV.URL or "http://127.0.0.1:9000") .. "/bytes/50"
local is_ok = { ["status is 200"] = function(res) return res.status == 200 end }

function M.default()
  perigee.check(http.get(url), is_ok)
end

return M
