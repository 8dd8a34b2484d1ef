-- Completions of a language model, read as they are streamed: time to first token and between.
-- Run: perigee serve &  perigee run FILE.lua
-- Another server: perigee run -e URL=http://127.0.0.1:8000 -e MODEL=name FILE.lua
-- A key: OPENAI_API_KEY in the environment.
local perigee = require "perigee"
local chat    = require "perigee.chat"
local http    = require "perigee.http"
local json    = require "perigee.json"
local metrics = require "perigee.metrics"

local M = {}

M.options = {
  vus = 5,                                  -- users who wait for their answer, then ask again
  duration = "10s",
  -- What must hold for the run to pass; if it does not, the exit code is 99.
  thresholds = {
    checks = { "rate>0.99" },
    iteration_errors = { "count==0" },      -- no iteration ends with an error
    time_to_first_token = { "p(95)<2000" },
    inter_token_latency = { "p(95)<200" },
  },
}

-- Metrics of our own, in milliseconds: `true` says that they are times.
local time_to_first_token = metrics.trend("time_to_first_token", true)
local inter_token_latency = metrics.trend("inter_token_latency", true)
local tokens              = metrics.counter("tokens")

local url  = (__ENV.URL or "http://127.0.0.1:9000") .. "/v1/chat/completions"
local body = json.encode({
  model = __ENV.MODEL or "perigee",
  messages = json.array({ { role = "user", content = "Why does the sea have tides?" } }),
  max_tokens = 32,
  stream = true,
  stream_options = { include_usage = true },
})
local headers = { ["Content-Type"] = "application/json" }
if __ENV.OPENAI_API_KEY then headers.Authorization = "Bearer " .. __ENV.OPENAI_API_KEY end

local checks = {
  ["status is 200"]        = function(result) return result.status == 200 end,
  ["the stream was whole"] = function(result) return result.whole end,
}

function M.default()
  -- The times are those at which the bytes arrived, whenever the script gets to them.
  local result = chat.read(http.stream("POST", url, body, { headers = headers }))
  perigee.check(result, checks)
  if not result.time_to_first_token then return end
  time_to_first_token:add(result.time_to_first_token)
  for _, gap in ipairs(result.gaps) do inter_token_latency:add(gap) end
  tokens:add(result.tokens)
end

return M
