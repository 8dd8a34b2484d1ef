-- A conversation over a WebSocket: every message comes back, and the time it takes is measured.
-- Run: perigee serve &  perigee run scenarios/websocket_echo.lua
local perigee   = require "perigee"
local metrics   = require "perigee.metrics"
local websocket = require "perigee.websocket"

local endpoint = __ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000"
local url      = endpoint:gsub("^http", "ws") .. "/ws/echo"
local messages = tonumber(__ENV.MESSAGES) or 10

local round_trip = metrics.trend("round_trip", true)

local M = {}

M.options = {
  thresholds = { round_trip = { "p(95)<1000" }, checks = { "rate>0.99" } },
}

-- Line by line: what is sent is waited for.
function M.default()
  local ws = websocket.connect(url, { compression = "deflate", tags = { name = "echo" } })
  if not perigee.check(ws, { ["it is open"] = function(s) return s.status == 101 end }) then
    return
  end
  for i = 1, messages do
    local sent = ws:send("message " .. i)
    local answer = ws:receive("5s")
    perigee.check(answer, {
      ["it comes back"] = function(a) return a and a.data == "message " .. i end,
    })
    if answer then round_trip:add(answer.time - sent) end
  end
  ws:close()
  ws:receive("5s")
end

-- With handlers, which run when the function has returned, until the connection is closed.
function M.handlers()
  local ws, count = websocket.connect(url), 0
  function ws.on_message(message)
    perigee.check(message, { ["it is the ping"] = function(m) return m.data == "ping" end })
    count = count + 1
    if count == messages then ws:close() end
  end
  ws:set_interval(function() ws:send("ping") end, 10)
  ws:set_timeout(function() ws:close() end, 5000)
end

return M
