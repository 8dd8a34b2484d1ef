-- The work of bench/websocket: messages one after the other, each waited for and checked.
local perigee   = require "perigee"
local websocket = require "perigee.websocket"

local messages = tonumber(__ENV.MESSAGES)

local M = {}

M.options = { thresholds = { checks = { "rate>0.99" } } }

function M.default()
  local ws = websocket.connect(__ENV.URL)
  for i = 1, messages do
    local text = '{"id":' .. i .. ',"user":' .. __VU .. "}"
    ws:send(text)
    local answer = ws:receive("30s")
    perigee.check(answer, { ["it comes back"] = function(a) return a and a.data == text end })
  end
  ws:close()
end

return M
