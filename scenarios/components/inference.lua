-- Inference by the Open Inference Protocol over HTTP, with the headers Seldon Core 2 routes by.
local perigee  = require "perigee"
local http     = require "perigee.http"
local settings = require "components.settings"

local M = {}

local succeeded = {
  ["model http prediction success"] = function(res) return res.status == 200 end,
}

-- Without Envoy in front, a server knows a model by its name and version.
local function served_name(model)
  return settings.envoy and model.name or model.name .. "_1"
end

local function headers_for(model, content_type)
  local name = served_name(model)
  return {
    ["Content-Type"] = content_type,
    ["seldon-model"] = name,
    ["seldon-internal-model"] = not settings.envoy and name or nil,
  }
end

local function url_of(model, action)
  return ("%s/v2/models/%s/%s"):format(settings.infer_http_endpoint, served_name(model), action)
end

-- The request that infers, as http.batch takes it; made once for each table that describes a model.
function M.request(model)
  local request = model.request
  if not request then
    request = {
      method = "POST",
      url = url_of(model, "infer"),
      body = model.body,
      params = { headers = headers_for(model, "application/json") },
    }
    model.request = request
  end
  return request
end

-- The request that asks whether a model is ready.
function M.ready_request(model)
  return {
    method = "GET", url = url_of(model, "ready"), params = { headers = headers_for(model) },
  }
end

-- Checks an answer to M.request; true if the model inferred.
function M.check(res)
  local ok = perigee.check(res, succeeded)
  if not ok and settings.debug then
    print(("%s: status %d %s %s"):format(res.url, res.status, res.error, res.body or ""))
  end
  return ok
end

-- Infers as often as INFER_HTTP_ITERATIONS says, or not at all with SKIP_INFER.
function M.infer(model)
  if settings.skip_infer then return end
  local request = M.request(model)
  for _ = 1, settings.infer_http_iterations do
    M.check(http.post(request.url, request.body, request.params))
  end
end

return M
