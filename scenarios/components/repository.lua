-- A control plane: loads and unloads models through the inference server's own repository API.
local http     = require "perigee.http"
local settings = require "components.settings"

local M = {}

local timeout = settings.model_load_timeout_seconds .. "s"

-- The type of a model is for perigee's own target, which serves any name. It is a header because
-- servers pass over headers that they don't know, and Triton refuses parameters that it does not.
local function headers_for(model)
  return { ["Content-Type"] = "application/json", ["perigee-model-type"] = model.type }
end

local function post_all(models, action)
  local requests = {}
  for i, model in ipairs(models) do
    requests[i] = {
      method = "POST",
      url = ("%s/v2/repository/models/%s/%s"):format(
        settings.infer_http_endpoint, model.name, action),
      body = "{}", -- MLServer wants one
      params = { headers = headers_for(model), timeout = timeout },
    }
  end
  return http.batch(requests)
end

local function outcome(res)
  if res.status == 200 then return { ok = true } end
  if res.status == 0 then return { ok = false, reason = res.error } end
  return { ok = false, reason = ("status %d %s"):format(res.status, res.body or "") }
end

local function outcomes(responses)
  local list = {}
  for i, res in ipairs(responses) do list[i] = outcome(res) end
  return list
end

-- Loads the models, all at the same time. For each, in order: { ok = true } once the server has
-- loaded it, or { ok = false, reason = "..." }.
function M.load(models)
  return outcomes(post_all(models, "load"))
end

-- Unloads the models, all at the same time; answers as M.load does.
function M.unload(models)
  return outcomes(post_all(models, "unload"))
end

return M
