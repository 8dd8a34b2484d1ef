-- The Open Inference Protocol over HTTP, with values in JSON or in binary.
local raw, _, http_api = ...
local tensor = raw.tensor
local ipairs, setmetatable, tonumber, type = ipairs, setmetatable, tonumber, type

local LENGTH = "Inference-Header-Content-Length"

local api = {
  name = "REST", ask = http_api.ask, models = http_api.models, start = http_api.start,
  infer = http_api.infer, problem = http_api.problem,
}
local meta = { __index = api }

function api.open(settings)
  local opened = http_api.open(settings)
  opened.binary = settings.binary
  return setmetatable(opened, meta)
end

local function model_path(model, version)
  local path = "/v2/models/" .. http_api.escaped(model)
  return version and path .. "/versions/" .. http_api.escaped(version) or path
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

function api:request(metadata, inputs)
  local body, headers = tensor.infer_request{
    inputs = http_api.plain(inputs), binary = self.binary or false,
  }
  return {
    url = self.base .. model_path(metadata.name, self.version_said and metadata.version or nil)
      .. "/infer",
    body = body, params = { headers = headers, timeout = self.step_timeout },
  }
end

function api.outputs(_, res)
  local size = tonumber(res.headers[LENGTH] or "")
  local message = http_api.decoded(size and res.body:sub(1, size) or res.body)
  return message and message.outputs
end

return api
