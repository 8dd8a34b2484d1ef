-- A conversation over a WebSocket, and how long each answer takes.
-- Run: perigee serve &  perigee run FILE.lua
-- Another server: perigee run -e URL=ws://127.0.0.1:8080/chat FILE.lua
local perigee   = require "perigee"
local metrics   = require "perigee.metrics"
local websocket = require "perigee.websocket"

local M = {}

M.options = {
  vus = 5,
  duration = "10s",
  -- What must hold for the run to pass; if it does not, the exit code is 99.
  thresholds = {
    checks = { "rate>0.99" },
    iteration_errors = { "count==0" },      -- no iteration ends with an error
    round_trip = { "p(95)<200" },
  },
}

local round_trip = metrics.trend("round_trip", true)    -- in milliseconds

local url = __ENV.URL or "ws://127.0.0.1:9000/ws/echo"

function M.default()
  local ws = websocket.connect(url)
  if not perigee.check(ws, { ["it is open"] = function(s) return s.error == "" end }) then
    return perigee.sleep(1)
  end
  for i = 1, 10 do
    local text = "message " .. i
    local sent = ws:send(text)
    local answer = ws:receive("5s")
    perigee.check(answer, { ["it comes back"] = function(a) return a and a.data == text end })
    if answer then round_trip:add(answer.time - sent) end
    perigee.sleep(0.1)
  end
  ws:close()
end

return M
