-- Metrics of the script's own, with tags and thresholds on parts of them.
local perigee = require "perigee"
local metrics = require "perigee.metrics"

local tokens = metrics.counter("tokens")
local queue  = metrics.gauge("queue_depth")
local hits   = metrics.rate("cache_hits")
local size   = metrics.trend("answer_size")
local first  = metrics.trend("first_token", true)

local M = {}

M.options = {
  iterations = 5,
  thresholds = {
    tokens = { "count==65" },
    ["tokens{model:large}"] = { "count<50" },
    cache_hits = { "rate==0.6" },
    answer_size = { "avg==20", "p(50)<21", "max<=40" },
    ["first_token{model:small}"] = { "min>=1" },
    queue_depth = { "value==4" },
  },
}

function M.default()
  local i = __ITER
  tokens:add(10, { model = "large" })
  tokens:add(3, { model = "small" })
  queue:add(i)
  hits:add(i % 5 < 3)
  size:add(i * 10)
  first:add(i + 0.25, { model = i % 2 == 1 and "small" or "large" })
  perigee.check(i, {
    ["is not zero"] = function(n) return n end,
    ["is NaN or so"] = function() return i * 0 / 0 end,
  })
end

return M
