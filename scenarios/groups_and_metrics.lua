-- Groups name the parts of an iteration; metrics of the scenario's own count what it alone knows.
-- Run: perigee run -u 3 -d 5s scenarios/groups_and_metrics.lua
local perigee = require "perigee"
local http    = require "perigee.http"
local json    = require "perigee.json"
local metrics = require "perigee.metrics"

local endpoint = __ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000"
local params   = { headers = { ["Content-Type"] = "application/json" } }

local flowers      = metrics.counter("flowers")
local is_setosa    = metrics.rate("is_setosa")
local petal_length = metrics.trend("petal_length")

local M = {}

M.options = {
  thresholds = { ["group_duration{group:::infer}"] = { "p(95)<1000" }, flowers = { "count>0" } },
}

local function look_up()
  local res = http.get(endpoint .. "/v2/models/iris")
  perigee.check(res, { ["status is 200"] = function(r) return r.status == 200 end })
end

local function infer()
  local petal = 1 + 6 * math.random()
  local input = { name = "predict", shape = { 1, 4 }, datatype = "FP32", data = { 5, 3, petal, 1 } }
  local body = json.encode({ inputs = { input } })
  local res = http.post(endpoint .. "/v2/models/iris/infer", body, params)
  perigee.check(res, { ["it infers"] = function(r) return r.status == 200 end })
  flowers:add(1, { size = petal < 3 and "small" or "large" })
  is_setosa:add(res:json().outputs[1].data[1] == 0)
  petal_length:add(petal)
end

function M.default()
  perigee.group("look up", look_up)
  perigee.group("infer", infer)
end

return M
