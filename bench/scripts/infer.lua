-- What a user writes to load one model: a body built for every request, headers, a check on the
-- status and the answer. Run: perigee run -e URL=http://127.0.0.1:9000 bench/scripts/infer.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = {
  vus = 64,
  duration = "5s",
  thresholds = { checks = { "rate>0.99" }, http_req_failed = { "rate<0.01" } },
}

local settings = {
  url = __ENV.URL or "http://127.0.0.1:9000",
  model = __ENV.MODEL or "iris",
  timeout = __ENV.TIMEOUT or "10s",
  user = "user-" .. __VU,
}

local models = {
  iris   = { input = "predict", datatype = "FP32", shape = "[1,4]", rows = "%d.5,2.8,4.8,1.%d" },
  income = { input = "income", datatype = "INT64", shape = "[1,4]", rows = "%d,2,3,%d" },
  echo   = { input = "text", datatype = "BYTES", shape = "[1]", rows = '"question %d of %d"' },
}

local function infer_url(name)
  return settings.url .. "/v2/models/" .. name .. "/infer"
end

local function template(model)
  return '{"id":"%d","inputs":[{"name":"' .. model.input .. '","shape":' .. model.shape ..
    ',"datatype":"' .. model.datatype .. '","data":[' .. model.rows .. "]}]}"
end

local model = models[settings.model] or error("there is no model " .. settings.model)
local url   = infer_url(settings.model)
local body  = template(model)
local sent  = 0

local params = {
  headers = {
    ["Content-Type"] = "application/json",
    ["Accept"] = "application/json",
    ["X-User"] = settings.user,
  },
  timeout = settings.timeout,
}

local function next_body()
  sent = sent + 1
  return string.format(body, sent, sent % 8, sent % 10)
end

local checks = {
  ["answers with outputs"] = function(res)
    return res.status == 200 and res.body:find('"outputs"', 1, true) ~= nil
  end,
}

function M.default()
  local res = http.post(url, next_body(), params)
  perigee.check(res, checks)
end

return M
