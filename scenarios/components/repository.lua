-- A control plane: loads and unloads models through the inference server's own repository API.
local http     = require "perigee.http"
local settings = require "components.settings"
local slices   = require "components.slices"

local M = {}

local timeout = settings.model_load_timeout_seconds .. "s"

-- The type of a model is for perigee's own target, which serves any name. It is a header because
-- servers pass over headers that they don't know, and Triton refuses parameters that it does not.
local function headers_for(model)
  return { ["Content-Type"] = "application/json", ["perigee-model-type"] = model.type }
end

-- All at the same time: a batch would keep to batchPerHost.
local function post_all(models, action)
  local promises, responses = {}, {}
  for i, model in ipairs(models) do
    local url = ("%s/v2/repository/models/%s/%s"):format(
      settings.infer_http_endpoint, model.name, action)
    local params = { headers = headers_for(model), timeout = timeout }
    promises[i] = http.async_request("POST", url, "{}", params) -- MLServer wants a body
  end
  for i, promise in ipairs(promises) do responses[i] = promise:await() end
  return responses
end

local function outcome(res)
  if res.status == 200 then return { accepted = true, ok = true } end
  if res.status == 0 then return { reason = res.error } end
  return { reason = ("status %d %s"):format(res.status, res.body or "") }
end

local function post_in_slices(models, action, report)
  local outcomes = {}
  for part, done in slices.of(models) do
    for _, res in ipairs(post_all(part, action)) do outcomes[#outcomes + 1] = outcome(res) end
    report(done)
  end
  return outcomes
end

-- Loads the models, many at the same time, and calls `report` with how many are done now and then.
-- For each, in order: { accepted = true, ok = true } once the server has loaded it, or
-- { reason = "..." }.
function M.load_models(models, report)
  return post_in_slices(models, "load", report)
end

-- Unloads the models, many at the same time; returns what M.load_models does.
function M.unload_models(models, report)
  return post_in_slices(models, "unload", report)
end

return M
