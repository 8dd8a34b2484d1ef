-- The API of TensorFlow Serving over HTTP: tensors are nested lists of JSON.
local raw, _, http_api, tensorflow = ...
local encoding, json, tensor = raw.encoding, raw.json, raw.tensor
local concat, ipairs, next, setmetatable, type = table.concat, ipairs, next, setmetatable, type

local JSON_HEADERS = { ["Content-Type"] = "application/json" }

local api = {
  name = "TFS-REST", ask = http_api.ask, models = http_api.models, start = http_api.start,
  infer = http_api.infer, problem = http_api.problem,
}
local meta = { __index = api }

function api.open(settings)
  return setmetatable(http_api.open(settings), meta)
end

local function model_path(model, version)
  local path = "/v1/models/" .. http_api.escaped(model)
  return version and path .. "/versions/" .. http_api.escaped(version) or path
end

-- TensorFlow Serving itself has no list of models, and knows the status of one.
function api:server(settings)
  local config, failure = self:ask("GET", "/v1/config")
  if not config and settings.model and failure.status == 404 then
    config, failure = self:ask("GET", model_path(settings.model))
  end
  if not config then return nil, failure end
  return { name = "TensorFlow Serving or alike" }
end

function api:metadata(model, version)
  local message, failure = self:ask("GET", model_path(model, version) .. "/metadata")
  if not message then return nil, failure end
  local spec = message.model_spec or message.modelSpec or {}
  local all = message.metadata and message.metadata.signature_def or {}
  return tensorflow.metadata(model, version or spec.version or "",
    all.signature_def or all.signatureDef)
end

local function texts_of(input)
  local list = {}
  for i, text in ipairs(tensor.unpack("BYTES", input.bytes)) do
    local is_plain = not text:find("[^\32-\126]")
    list[i] = json.encode(is_plain and text or { b64 = encoding.b64encode(text) })
  end
  return list
end

-- The values as JSON, each in as few digits as its datatype needs.
local function values_of(input)
  if input.datatype == "BYTES" then return texts_of(input) end
  local body = tensor.infer_request{ inputs = http_api.plain{ input }, binary = false }
  local list = {}
  for value in body:match('"data":%[([^%]]*)%]'):gmatch("[^,]+") do list[#list + 1] = value end
  return list
end

-- The values behind `at` as lists of lists by the sizes from this depth on, and where they end.
local function nested(values, shape, depth, at)
  if depth > #shape then return values[at], at + 1 end
  local parts = {}
  for i = 1, shape[depth] do
    parts[i], at = nested(values, shape, depth + 1, at)
  end
  return "[" .. concat(parts, ",") .. "]", at
end

function api:request(metadata, inputs)
  local parts = {}
  for i, input in ipairs(inputs) do
    parts[i] = json.encode(input.name) .. ":" .. nested(values_of(input), input.shape, 1, 1)
  end
  local only = #metadata.outputs == 1 and metadata.outputs[1]
  self.only_output = only and only.name or nil
  return {
    url = self.base .. model_path(metadata.name, self.version_said and metadata.version or nil)
      .. ":predict",
    body = '{"inputs":{' .. concat(parts, ",") .. "}}",
    params = { headers = JSON_HEADERS, timeout = self.step_timeout },
  }
end

local function shape_of(value)
  local shape = {}
  while type(value) == "table" and value[1] ~= nil do
    shape[#shape + 1], value = #value, value[1]
  end
  return shape
end

function api:outputs(res)
  local message = http_api.decoded(res.body)
  local outputs = message and message.outputs
  local list = {}
  if self.only_output and not (type(outputs) == "table" and outputs[self.only_output]) then
    return { { name = self.only_output, shape = shape_of(outputs) } }
  end
  for name, value in next, type(outputs) == "table" and outputs or {} do
    list[#list + 1] = { name = name, shape = shape_of(value) }
  end
  return list
end

return api
