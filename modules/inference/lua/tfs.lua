-- The API of TensorFlow Serving over gRPC, which older OpenVINO Model Servers have, too.
local raw, words, grpc_api = ...
local grpc, tensor = raw.grpc, raw.tensor
local ipairs, next, sort, setmetatable, tonumber, tostring =
  ipairs, next, table.sort, setmetatable, tonumber, tostring

local PREDICT = "tensorflow.serving.PredictionService/Predict"
local METADATA = "tensorflow.serving.PredictionService/GetModelMetadata"
local STATUS = "tensorflow.serving.ModelService/GetModelStatus"
local SIGNATURE = "serving_default"

-- TensorFlow's names, by those of the Open Inference Protocol.
local types = {
  BOOL = "DT_BOOL", UINT8 = "DT_UINT8", UINT16 = "DT_UINT16", UINT32 = "DT_UINT32",
  UINT64 = "DT_UINT64", INT8 = "DT_INT8", INT16 = "DT_INT16", INT32 = "DT_INT32",
  INT64 = "DT_INT64", FP16 = "DT_HALF", BF16 = "DT_BFLOAT16", FP32 = "DT_FLOAT",
  FP64 = "DT_DOUBLE", BYTES = "DT_STRING",
}
local names = {}
for name, type in next, types do names[type] = name end

local api = { name = "TFS" }
local meta = { __index = api }

function api.open(settings)
  return setmetatable(grpc_api.open(settings,
    "built-in/tensorflow_serving/prediction_service.proto"), meta)
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

local function shape_of(proto)
  local shape = {}
  for i, dim in ipairs(proto and proto.dim or {}) do shape[i] = dim.size end
  return shape
end

-- In the order of their names: TensorFlow's have none.
local function tensors_of(infos)
  local list = {}
  for name, info in next, infos or {} do
    list[#list + 1] = {
      name = name, datatype = names[info.dtype] or tostring(info.dtype), dtype = info.dtype,
      shape = shape_of(info.tensor_shape),
    }
  end
  sort(list, function(a, b) return a.name < b.name end)
  return list
end

function api:metadata(model, version)
  local message, failure = grpc_api.ask(self, METADATA, {
    model_spec = spec(model, version), metadata_field = { "signature_def" },
  })
  if not message then return nil, failure end
  local all = message.metadata.signature_def
  local signature = all and all.signature_def and all.signature_def[SIGNATURE]
  if not signature then
    return nil, words.failure("its metadata has no signature " .. SIGNATURE)
  end
  local found = message.model_spec and message.model_spec.version
  local text = version or found and ("%.0f"):format(found) or ""
  return {
    name = model, platform = "tensorflow", versions = { text }, version = text,
    inputs = tensors_of(signature.inputs), outputs = tensors_of(signature.outputs),
  }
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

local function proto_of(input)
  local dims = {}
  for i, size in ipairs(input.shape) do dims[i] = { size = size } end
  local proto = { dtype = types[input.datatype], tensor_shape = { dim = dims } }
  if input.datatype == "BYTES" then
    proto.string_val = tensor.unpack("BYTES", input.bytes)
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
    list[#list + 1] = { name = name, shape = shape_of(proto.tensor_shape) }
  end
  return list
end

return api
