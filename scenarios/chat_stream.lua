-- A chat model's streamed responses: time to first token, gaps between tokens, tokens per second.
-- Run: perigee serve & perigee run scenarios/chat_stream.lua
-- Another server, its model and key, time limits: environment variables, see docs/environment.md.
local perigee = require "perigee"
local chat    = require "perigee.chat"
local http    = require "perigee.http"
local json    = require "perigee.json"
local metrics = require "perigee.metrics"

local M = {}

M.options = {
  scenarios  = { users = { executor = "constant-vus", vus = 10, duration = "10s" } },
  thresholds = {
    checks                = { "rate>0.99" },
    iteration_errors      = { "count==0" },
    time_to_first_token   = { "p(95)<500" },
    inter_token_latency   = { "p(99)<200" },
    time_per_output_token = { "med<100" },
  },
}

local time_to_first_token   = metrics.trend("time_to_first_token", true)
local inter_token_latency   = metrics.trend("inter_token_latency", true)
local time_per_output_token = metrics.trend("time_per_output_token", true)
local tokens_per_second     = metrics.trend("tokens_per_second")
local tokens                = metrics.counter("tokens")
local failed_streams        = metrics.counter("failed_streams")

local function setting(name, default)
  local value = __ENV[name]
  return value and value ~= "" and value or default
end

local endpoint = setting("OPENAI_ENDPOINT", "http://127.0.0.1:9000"):gsub("/+$", "")
local url      = endpoint:gsub("/v1$", "") .. "/v1/chat/completions"
local key      = setting("OPENAI_API_KEY")
local body     = json.encode({
  model          = setting("MODEL", "perigee"),
  messages       = json.array({ { role = "user", content = "Why does the sea have tides?" } }),
  max_tokens     = 64,
  stream         = true,
  stream_options = { include_usage = true },
})
local params = {
  headers     = { ["Content-Type"] = "application/json", Authorization = key and "Bearer " .. key },
  timeout     = setting("STREAM_TIMEOUT", "10m"),
  idleTimeout = setting("STREAM_IDLE_TIMEOUT", "60s"),
}

local checks = {
  ["status is 200"]        = function(result) return result.status == 200 end,
  ["the stream was whole"] = function(result) return result.whole end,
  ["there were tokens"]    = function(result) return result.time_to_first_token ~= nil end,
}

-- Counts the failure; the first of each kind is logged, once per VU.
local logged = {}
local function report(result)
  failed_streams:add(1, { kind = result.failure_kind })
  if logged[result.failure_kind] then return end
  logged[result.failure_kind] = true
  console.warn("a stream failed: " .. result.failure)
end

-- Times are those of arrival, taken by the engine: it does not matter when the script gets to them.
function M.default()
  local result = chat.read(http.stream("POST", url, body, params))
  perigee.check(result, checks)
  if not result.whole then report(result) end
  if not result.time_to_first_token then return end
  time_to_first_token:add(result.time_to_first_token)
  for _, gap in ipairs(result.gaps) do inter_token_latency:add(gap) end
  tokens:add(result.tokens, { counted_by = result.counted_by })
  if not result.tokens_per_second then return end
  time_per_output_token:add(result.time_per_output_token)
  tokens_per_second:add(result.tokens_per_second)
end

return M
