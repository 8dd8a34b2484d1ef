-- A chat: each user says three things and hears them again.
local perigee   = require "perigee"
local metrics   = require "perigee.metrics"
local websocket = require "perigee.websocket"

local heard = metrics.counter("heard")

local M = {}

M.options = {
  vus = 2,
  iterations = 4,
  thresholds = { heard = { "count==12" }, ws_sessions = { "count==4" } },
}

function M.default()
  local socket = websocket.connect(__ENV.TARGET:gsub("^http", "ws") .. "/ws/echo")
  for i = 1, 3 do socket:send("message " .. i) end
  for _ = 1, 3 do
    local message = socket:receive("5s")
    heard:add(1)
    perigee.check(message, {
      ["comes back"] = function(m) return m.data:find("^message %d$") ~= nil end,
    })
  end
  socket:close()
  perigee.check(socket, { ["has switched"] = function(s) return s.status == 101 end })
end

return M
