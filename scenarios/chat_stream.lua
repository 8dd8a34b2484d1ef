-- A chat model's streamed answers: time to first token, gaps, tokens per second.
-- Run: perigee serve & perigee run scenarios/chat_stream.lua
-- OPENAI_ENDPOINT (without /v1), MODEL and OPENAI_API_KEY are for other servers of OpenAI's API.
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
if __ENV.OPENAI_API_KEY then params.headers.Authorization = "Bearer " .. __ENV.OPENAI_API_KEY end

local checks = {
  ["status is 200"]        = function(answer) return answer.status == 200 end,
  ["the stream was whole"] = function(answer) return answer.whole and not answer.failed end,
  ["there were tokens"]    = function(answer) return answer.tokens > 0 end,
}

-- The text that a chunk brings. Those that tell a role, a reason or the usage have none, or null.
local function text_of(chunk)
  local choice = chunk.choices and chunk.choices[1]
  local text = choice and choice.delta.content
  return type(text) == "string" and text or ""
end

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
      answer.failed = answer.failed or chunk.error ~= nil
      if text_of(chunk) ~= "" then
        first, last = first or time, time
        answer.tokens = answer.tokens + 1
      end
    end
  end
  perigee.check(answer, checks)
  if answer.tokens == 0 then return end
  time_to_first_token:add(first)
  tokens:add(answer.tokens)
  if last > first then tokens_per_second:add((answer.tokens - 1) * 1000 / (last - first)) end
end

return M
