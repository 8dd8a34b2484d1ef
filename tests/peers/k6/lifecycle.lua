-- Set-up makes data that all iterations and teardown see, each its own copy.
local perigee = require "perigee"
local http    = require "perigee.http"
local json    = require "perigee.json"

local M = {}

M.options = {
  vus = 2,
  iterations = 4,
  thresholds = { ["http_reqs{group:::setup}"] = { "count==1" }, checks = { "rate==1" } },
}

function M.setup()
  local res = http.post(__ENV.TARGET .. "/echo", json.encode{ models = { "iris", "echo" } })
  return {
    models = json.decode(res:json("body")).models, seen = 0, deep = { list = { 1, { 2, { 3 } } } },
  }
end

function M.default(data)
  data.seen = data.seen + 1
  perigee.check(data, {
    ["own copy"] = function(d) return d.seen >= 1 and d.seen <= 4 end,
    models = function(d) return #d.models == 2 and d.models[2] == "echo" end,
    depth = function(d) return d.deep.list[2][2][1] == 3 end,
    ["nothing is nothing"] = function(d) return not d.nothing end,
  })
  http.get(__ENV.TARGET .. "/v2/models/" .. data.models[1])
end

function M.teardown(data)
  perigee.check(data, { ["as set-up left it"] = function(d) return d.seen == 0 end })
  http.del(__ENV.TARGET .. "/echo")
end

return M
