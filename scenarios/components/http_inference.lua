-- Inference by the Open Inference Protocol over HTTP.
local perigee  = require "perigee"
local http     = require "perigee.http"
local failed   = require "components.inference_failed"
local routes   = require "components.routes"
local settings = require "components.settings"

local M = {}

local succeeded = {
  ["model http prediction success"] = function(res) return res.status == 200 end,
}

local function url_of(called, action)
  return ("%s/v2/models/%s/%s"):format(
    settings.infer_http_endpoint, routes.served_name(called), action)
end

local function headers_of(called)
  local headers = routes.headers(called)
  for name, value in pairs(called.headers) do headers[name] = value end
  return headers
end

-- The request that infers, as http.batch takes it; made once for each table that is called.
local function request_of(called)
  local request = called.http_request
  if not request then
    request = {
      method = "POST",
      url = url_of(called, "infer"),
      body = called.body,
      params = { headers = headers_of(called) },
    }
    called.http_request = request
  end
  return request
end

local function check(res)
  local ok = perigee.check(res, succeeded)
  if not ok and settings.debug then
    print(("%s: status %d %s %s"):format(res.url, res.status, res.error, res.body or ""))
  end
  return ok
end

-- Infers as often as INFER_HTTP_ITERATIONS says.
function M.infer(called)
  local request = request_of(called)
  for _ = 1, settings.infer_http_iterations do
    failed:add(not check(http.post(request.url, request.body, request.params)))
  end
end

-- Infers once with each of the list, several at the same time.
function M.infer_once(list)
  local requests = {}
  for i, called in ipairs(list) do requests[i] = request_of(called) end
  for _, res in ipairs(http.batch(requests)) do check(res) end
end

local function ready_request(called, timeout)
  return {
    method = "GET", url = url_of(called, "ready"),
    params = { headers = routes.headers(called), timeout = timeout },
  }
end

-- For each of the list, in order: false if it is ready, else what the server says instead, or that
-- it has said nothing within so many seconds.
function M.reasons_not_ready(list, seconds)
  local requests, reasons = {}, {}
  for i, called in ipairs(list) do requests[i] = ready_request(called, seconds .. "s") end
  for i, res in ipairs(http.batch(requests)) do
    reasons[i] = res.status ~= 200 and (res.status == 0 and res.error or "status " .. res.status)
  end
  return reasons
end

return M
