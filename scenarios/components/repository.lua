-- A control plane: loads and unloads models through the inference server's own repository API.
local http     = require "perigee.http"
local json     = require "perigee.json"
local settings = require "components.settings"

local M = {}

local timeout = settings.model_load_timeout_seconds .. "s"

local function post_all(models, action, body_for)
  local requests = {}
  for i, model in ipairs(models) do
    requests[i] = {
      method = "POST",
      url = ("%s/v2/repository/models/%s/%s"):format(
        settings.infer_http_endpoint, model.name, action),
      body = body_for(model),
      params = { headers = { ["Content-Type"] = "application/json" }, timeout = timeout },
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

-- Servers that find a model by its name alone ignore the type.
local function load_body(model)
  return json.encode({ parameters = { model_type = model.type } })
end

local function unload_body()
  return "{}"
end

-- Loads the models, all at the same time. For each, in order: { ok = true } once the server has
-- loaded it, or { ok = false, reason = "..." }.
function M.load(models)
  return outcomes(post_all(models, "load", load_body))
end

-- Unloads the models, all at the same time; answers as M.load does.
function M.unload(models)
  return outcomes(post_all(models, "unload", unload_body))
end

return M
