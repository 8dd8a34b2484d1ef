-- One user with several requests on their way: a batch, and a slow request that is awaited later.
-- Run: perigee serve &  perigee run scenarios/parallel_requests.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local endpoint = __ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000"

-- A status that a script asks for is no failure.
local missing = { responseCallback = http.expected_statuses(404) }

local M = {}

function M.default()
  local slow = http.async_request("GET", endpoint .. "/delay/20")

  local responses = http.batch({
    health  = endpoint .. "/v2/health/ready",
    model   = http.url(endpoint .. "/v2/models/${}", "iris"),
    missing = { "GET", http.url(endpoint .. "/v2/models/${}", "no-such-model"), nil, missing },
  })
  perigee.check(responses, {
    ["the server is ready"] = function(all) return all.health.status == 200 end,
    ["the model has its name"] = function(all) return all.model:json("name") == "iris" end,
    ["the other does not exist"] = function(all) return all.missing.status == 404 end,
  })

  perigee.check(slow:await(), {
    ["the slow answer has come"] = function(res) return res.status == 200 end,
  })
end

return M
