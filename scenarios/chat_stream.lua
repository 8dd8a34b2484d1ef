-- A chat model's streamed answers: time to first token, gaps, tokens per second.
-- Run: perigee serve & perigee run scenarios/chat_stream.lua
-- OPENAI_ENDPOINT and MODEL name another server of OpenAI's API.
local perigee = require "perigee"
local http    = require "perigee.http"
local json    = require "perigee.json"
local metrics = require "perigee.metrics"

local M = {}

M.options = {
  scenarios  = { users = { executor = "constant-vus", vus = 10, duration = "10s" } },
  thresholds = {
    checks                          = { "rate>0.99" },
    time_to_first_token             = { "p(95)<500" },
    http_stream_event_gap           = { "p(99)<200" },
    tokens_per_second               = { "med>10" },
  },
}

local time_to_first_token = metrics.trend("time_to_first_token", true)
local tokens_per_second   = metrics.trend("tokens_per_second")
local tokens              = metrics.counter("tokens")

local url  = (__ENV.OPENAI_ENDPOINT or "http://127.0.0.1:9000") .. "/v1/chat/completions"
local body = json.encode({
  model          = __ENV.MODEL or "perigee",
  messages       = json.array({ { role = "user", content = "Why does the sea have tides?" } }),
  max_tokens     = 64,
  stream         = true,
  stream_options = { include_usage = true },
})
local params = { headers = { ["Content-Type"] = "application/json" }, idleTimeout = "10s" }

local checks = {
  ["status is 200"]        = function(answer) return answer.status == 200 end,
  ["the stream was whole"] = function(answer) return answer.whole end,
  ["there were tokens"]    = function(answer) return answer.tokens > 0 end,
}

-- The time of arrival is the engine's: it does not matter when the script gets to an event.
function M.default()
  local stream = http.stream("POST", url, body, params)
  local answer = { status = stream.status, tokens = 0 }
  local first, last
  for event, time in stream:events() do
    if event.data == "[DONE]" then
      answer.whole = true
    else
      local chunk = json.decode(event.data)
      local choice = chunk.choices[1]
      if choice and choice.delta.content and choice.delta.content ~= "" then
        first, last = first or time, time
        answer.tokens = answer.tokens + 1
      end
    end
  end
  perigee.check(answer, checks)
  if answer.tokens == 0 then return end
  time_to_first_token:add(first)
  tokens:add(answer.tokens)
  if answer.tokens > 1 then tokens_per_second:add((answer.tokens - 1) * 1000 / (last - first)) end
end

return M
