-- The API of TensorFlow Serving over gRPC, which older OpenVINO Model Servers have, too.
local raw, words, grpc_api, tensorflow = ...
local grpc, tensor = raw.grpc, raw.tensor
local ipairs, next, setmetatable, tonumber = ipairs, next, setmetatable, tonumber

local PREDICT = "tensorflow.serving.PredictionService/Predict"
local METADATA = "tensorflow.serving.PredictionService/GetModelMetadata"
local STATUS = "tensorflow.serving.ModelService/GetModelStatus"

local api = { name = "TFS" }
local meta = { __index = api }

function api.open(settings)
  local opened = grpc_api.open(settings, "built-in/tensorflow_serving/prediction_service.proto")
  opened.version = settings.version
  return setmetatable(opened, meta)
end

local function spec(model, version)
  return { name = model, version = version and tonumber(version) or nil }
end

-- It has no question about itself: one about the model tells whether it speaks this API.
function api:server(settings)
  local _, failure = grpc_api.ask(self, STATUS, { model_spec = spec(settings.model or "-") })
  if failure and failure.code ~= grpc.StatusNotFound then return nil, failure end
  return { name = "TensorFlow Serving or alike" }
end

function api:metadata(model, version)
  local message, failure = grpc_api.ask(self, METADATA, {
    model_spec = spec(model, version), metadata_field = { "signature_def" },
  })
  if not message then return nil, failure end
  local found = message.model_spec and message.model_spec.version
  local all = message.metadata.signature_def
  return tensorflow.metadata(model, version or found and ("%.0f"):format(found) or "",
    all and all.signature_def)
end

-- gRPC lists no models; the status of one is its versions'.
function api:models(settings)
  if not settings.model then
    return nil, words.failure("over gRPC TensorFlow Serving lists no models: give -r PORT, or -m")
  end
  local message, failure = grpc_api.ask(self, STATUS, { model_spec = spec(settings.model) })
  if not message then return nil, failure end
  local list = {}
  for i, status in ipairs(message.model_version_status) do
    list[i] = {
      name = settings.model, version = ("%.0f"):format(status.version), state = status.state,
    }
  end
  return list
end

api.start = grpc_api.start

local lists = { UINT32 = "uint32_val", UINT64 = "uint64_val" }

local function proto_of(input)
  local dims = {}
  for i, size in ipairs(input.shape) do dims[i] = { size = size } end
  local proto = { dtype = tensorflow.types[input.datatype], tensor_shape = { dim = dims } }
  if input.datatype == "BYTES" then
    proto.string_val = tensor.unpack("BYTES", input.bytes)
  elseif input.value then
    proto[lists[input.datatype]] = { input.value }
  else
    proto.tensor_content = input.bytes
  end
  return proto
end

function api:request(metadata, inputs)
  local all = {}
  for _, input in ipairs(inputs) do all[input.name] = proto_of(input) end
  return self.client:encode(PREDICT, {
    model_spec = spec(metadata.name, self.version), inputs = all,
  })
end

function api:infer(request)
  return self.client:invoke(PREDICT, request, self.infer_params)
end

api.problem = grpc_api.problem

function api.outputs(_, res)
  local list = {}
  for name, proto in next, res.message.outputs do
    list[#list + 1] = { name = name, shape = tensorflow.shape(proto.tensor_shape) }
  end
  return list
end

return api
