-- The Open Inference Protocol over HTTP, with values in JSON or in binary.
local raw, words = ...
local http, json, tensor = raw.http, raw.json, raw.tensor
local ipairs, next, pcall, setmetatable, tonumber, tostring, type =
  ipairs, next, pcall, setmetatable, tonumber, tostring, type

local LENGTH = "Inference-Header-Content-Length"
local LONGEST_QUOTE = 200

local api = { name = "REST" }
local meta = { __index = api }

function api.open(settings)
  local scheme = settings.tls and "https" or "http"
  return setmetatable({
    base = ("%s://%s:%.0f"):format(scheme, settings.address, settings.rest_port),
    binary = settings.binary,
    version_said = settings.version ~= nil,
    timeout = ("%.0fms"):format(settings.metadata_timeout * 1000),
    step_timeout = ("%.0fms"):format(settings.step_timeout * 1000),
  }, meta)
end

local function decoded(text)
  local ok, value = pcall(json.decode, text)
  return ok and type(value) == "table" and value or nil
end

local function error_text(res)
  local body = res.body or ""
  local message = decoded(body)
  local text = message and (message.error or message.detail)
  return type(text) == "string" and text or body:sub(1, LONGEST_QUOTE)
end

local function describe(res)
  if res.status == 0 then return res.error end
  return ("status %d: %s"):format(res.status, error_text(res))
end

function api:ask(method, path, body)
  local headers = body and { ["Content-Type"] = "application/json" } or nil
  local res = http.request(method, self.base .. path, body,
    { headers = headers, timeout = self.timeout })
  local value = res.status == 200 and decoded(res.body or "")
  if value then return value end
  local text = res.status == 200 and path .. " is no JSON" or describe(res)
  return nil, words.failure(text, {
    wait = res.status == 0 or res.status == 503, status = res.status,
  })
end

local function escaped(text)
  return (text:gsub("[^%w%-._~]", function(c) return ("%%%02X"):format(c:byte()) end))
end

local function model_path(model, version)
  local path = "/v2/models/" .. escaped(model)
  return version and path .. "/versions/" .. escaped(version) or path
end

function api:server()
  local message, failure = self:ask("GET", "/v2")
  return message, failure
end

-- Whether the server takes values behind the JSON.
function api:learn(server)
  if self.binary ~= nil then return end
  self.binary = false
  for _, extension in ipairs(type(server.extensions) == "table" and server.extensions or {}) do
    if extension == "binary_tensor_data" then self.binary = true end
  end
end

local function tensors_of(list)
  local result = {}
  for i, item in ipairs(type(list) == "table" and list or {}) do
    result[i] = { name = item.name, datatype = item.datatype, shape = item.shape }
  end
  return result
end

function api:metadata(model, version)
  local message, failure = self:ask("GET", model_path(model, version))
  if not message then return nil, failure end
  local versions = type(message.versions) == "table" and message.versions or {}
  return {
    name = model, platform = message.platform, versions = versions,
    version = version or versions[#versions] or "",
    inputs = tensors_of(message.inputs), outputs = tensors_of(message.outputs),
  }
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
    local value, failure = self:ask(method, path, body)
    asked[#asked + 1] = { self.base .. path, value and 200 or failure.status }
    return value, failure
  end
  local config = ask("GET", "/v1/config")
  if config then return configured(config), nil, asked end
  local models, failure = ask("POST", "/v2/repository/index", "{}")
  return models, failure, asked
end

function api.start() end

function api:request(metadata, inputs)
  local body, headers = tensor.infer_request{ inputs = inputs, binary = self.binary or false }
  return {
    url = self.base .. model_path(metadata.name, self.version_said and metadata.version or nil)
      .. "/infer",
    body = body, params = { headers = headers, timeout = self.step_timeout },
  }
end

function api.infer(_, request)
  return http.post(request.url, request.body, request.params)
end

function api.problem(_, res)
  return res.status ~= 200 and describe(res) or nil
end

function api.outputs(_, res)
  local size = tonumber(res.headers[LENGTH] or "")
  local message = decoded(size and res.body:sub(1, size) or res.body)
  return message and message.outputs
end

return api
