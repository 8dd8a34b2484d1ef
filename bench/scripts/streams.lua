-- Streamed chat completions, closed loop: when the first token came, and the gaps between tokens.
local http    = require "perigee.http"
local metrics = require "perigee.metrics"

local time_to_first_token = metrics.trend("time_to_first_token", true)
local token_gap           = metrics.trend("token_gap", true)

local url  = __ENV.URL .. "/v1/chat/completions"
local body = ([[{"model":"perigee","stream":true,"max_tokens":%d,"stream_options":{"include_usage":true},
"messages":[{"role":"user","content":"Why does the Moon pull on the sea?"}]}]]):format(__ENV.TOKENS)
local params = { headers = { ["Content-Type"] = "application/json" } }

local M = {}

function M.default()
  local last
  for event, time in http.stream("POST", url, body, params):events() do
    if event.data:find('"content":"[^"]') then
      if last then token_gap:add(time - last) else time_to_first_token:add(time) end
      last = time
    end
  end
end

return M
