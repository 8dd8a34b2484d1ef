-- Steady inference on one model, at a rate that does not depend on how fast the server answers.
-- Run: perigee serve &  perigee run FILE.lua
-- Another server: perigee run -e URL=http://127.0.0.1:8080 -e MODEL=iris -e RATE=100 FILE.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

local server = __ENV.URL or "http://127.0.0.1:9000"
local model  = __ENV.MODEL or "iris"

M.options = {
  scenarios = {
    steady = {
      executor = "constant-arrival-rate",
      rate = tonumber(__ENV.RATE or 50),    -- iterations that start each second
      duration = __ENV.DURATION or "10s",
      preAllocatedVUs = 10,                 -- virtual users that exist from the start
      maxVUs = 100,                         -- and at most, when the server gets slow
    },
  },
  -- What must hold for the run to pass; if it does not, the exit code is 99.
  thresholds = {
    ["http_req_duration{scenario:steady}"] = { "p(95)<200", "p(99)<500" },
    checks = { "rate>0.99" },
    iteration_errors = { "count==0" },      -- no iteration ends with an error
    dropped_iterations = { "count<1" },     -- no iteration was left out for want of users
  },
}

local url    = server .. "/v2/models/" .. model .. "/infer"
local body   = [[{"inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}]]
local params = { headers = { ["Content-Type"] = "application/json" } }

local is_ok = {
  ["status is 200"] = function(res) return res.status == 200 end,
  ["there is an output"] = function(res) return #res:json().outputs > 0 end,
}

-- Runs once before the load: what it returns, every virtual user gets as a copy.
function M.setup()
  local res = http.get(server .. "/v2/models/" .. model .. "/ready")
  if res.status ~= 200 then
    perigee.abort("the model " .. model .. " is not ready at " .. server)
  end
end

-- One iteration: a virtual user asks for one inference.
function M.default()
  perigee.check(http.post(url, body, params), is_ok)
end

return M
