-- What the APIs over HTTP share: questions before the load, the list of models, and what failures
-- say.
local raw, words = ...
local http, json = raw.http, raw.json
local ipairs, next, pcall, tostring, type = ipairs, next, pcall, tostring, type

local LONGEST_QUOTE = 200

local api = {}

function api.open(settings)
  local scheme = settings.tls and "https" or "http"
  return {
    base = ("%s://%s:%.0f"):format(scheme, settings.address, settings.rest_port),
    version_said = settings.version ~= nil,
    timeout = ("%.0fms"):format(settings.metadata_timeout * 1000),
    step_timeout = ("%.0fms"):format(settings.step_timeout * 1000),
  }
end

function api.decoded(text)
  local ok, value = pcall(json.decode, text)
  return ok and type(value) == "table" and value or nil
end

local function error_text(res)
  local body = res.body or ""
  local message = api.decoded(body)
  local text = message and (message.error or message.detail)
  return type(text) == "string" and text or body:sub(1, LONGEST_QUOTE)
end

local function describe(res)
  if res.status == 0 then return res.error end
  return ("status %d: %s"):format(res.status, error_text(res))
end

-- The JSON of the response, or nil and the failure.
function api:ask(method, path, body)
  local headers = body and { ["Content-Type"] = "application/json" } or nil
  local res = http.request(method, self.base .. path, body,
    { headers = headers, timeout = self.timeout })
  local value = res.status == 200 and api.decoded(res.body or "")
  if value then return value end
  local text = res.status == 200 and path .. " is no JSON" or describe(res)
  return nil, words.failure(text, {
    wait = res.status == 0 or res.status == 503, status = res.status,
  })
end

-- Inputs as perigee.tensor takes them, without what is said of them here.
function api.plain(inputs)
  local list = {}
  for i, input in ipairs(inputs) do
    list[i] = {
      name = input.name, datatype = input.datatype, shape = input.shape, bytes = input.bytes,
    }
  end
  return list
end

-- As a part of a path.
function api.escaped(text)
  return (text:gsub("[^%w%-._~]", function(c) return ("%%%02X"):format(c:byte()) end))
end

-- OpenVINO Model Server and TensorFlow Serving tell their models by version.
local function configured(config)
  local list = {}
  for name, model in next, config do
    for _, status in ipairs(type(model) == "table" and model.model_version_status or {}) do
      list[#list + 1] = { name = name, version = status.version, state = status.state }
    end
  end
  table.sort(list, function(a, b)
    return a.name < b.name or a.name == b.name and tostring(a.version) < tostring(b.version)
  end)
  return list
end

-- The models, or nil and the failure, and the addresses that were asked with their statuses.
function api:models()
  local asked = {}
  local function ask(method, path, body)
    local value, failure = api.ask(self, method, path, body)
    asked[#asked + 1] = { self.base .. path, value and 200 or failure.status }
    return value, failure
  end
  local config = ask("GET", "/v1/config")
  if config then return configured(config), nil, asked end
  local models, failure = ask("POST", "/v2/repository/index", "{}")
  return models, failure, asked
end

function api.start() end

-- `request` has a url, a body and params.
function api.infer(_, request)
  return http.post(request.url, request.body, request.params)
end

-- Why a request has failed, or nil.
function api.problem(_, res)
  return res.status ~= 200 and describe(res) or nil
end

return api
