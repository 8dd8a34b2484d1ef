-- A page with its parts at once, of which some are expected to fail.
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = {
  vus = 3,
  iterations = 9,
  batch = 6,
  thresholds = {
    ["http_req_failed{part:missing}"] = { "rate==0" },
    http_reqs = { "count==45" },
  },
}

local missing = http.expected_statuses(404, { min = 410, max = 411 })
local params = { tags = { part = "missing" }, responseCallback = missing }

function M.default()
  local target = __ENV.TARGET
  local responses = http.batch{
    page = target .. "/bytes/100",
    style = { "GET", target .. "/bytes/10", nil, { tags = { part = "style" } } },
    icon = { method = "GET", url = target .. "/status/404", params = params },
    old = { method = "GET", url = target .. "/status/410", params = params },
    beacon = { "POST", target .. "/status/503", "seen" },
  }
  perigee.check(responses, {
    page = function(r) return #r.page.body == 100 end,
    style = function(r) return #r.style.body == 10 end,
    ["no icon"] = function(r) return r.icon.status == 404 end,
    beacon = function(r) return r.beacon.status == 204 end,
  })
end

return M
