-- What the APIs of TensorFlow Serving share: datatypes and signatures.
local _, words = ...
local ipairs, next, sort, tonumber, tostring = ipairs, next, table.sort, tonumber, tostring

local tensorflow = {}

local SIGNATURE = "serving_default"

-- TensorFlow's names of datatypes, by those of the Open Inference Protocol.
tensorflow.types = {
  BOOL = "DT_BOOL", UINT8 = "DT_UINT8", UINT16 = "DT_UINT16", UINT32 = "DT_UINT32",
  UINT64 = "DT_UINT64", INT8 = "DT_INT8", INT16 = "DT_INT16", INT32 = "DT_INT32",
  INT64 = "DT_INT64", FP16 = "DT_HALF", BF16 = "DT_BFLOAT16", FP32 = "DT_FLOAT",
  FP64 = "DT_DOUBLE", BYTES = "DT_STRING",
}
local names = {}
for name, type in next, tensorflow.types do names[type] = name end

-- The sizes of a TensorShapeProto; in JSON they are texts.
function tensorflow.shape(proto)
  local shape = {}
  for i, dim in ipairs(proto and proto.dim or {}) do shape[i] = tonumber(dim.size) or 0 end
  return shape
end

-- In the order of their names: TensorFlow's have none.
local function tensors_of(infos)
  local list = {}
  for name, info in next, infos or {} do
    list[#list + 1] = {
      name = name, datatype = names[info.dtype] or tostring(info.dtype), dtype = info.dtype,
      -- OpenVINO Model Server's JSON has protobuf's own spelling.
      shape = tensorflow.shape(info.tensor_shape or info.tensorShape),
    }
  end
  sort(list, function(a, b) return a.name < b.name end)
  return list
end

-- Metadata of the model by its signatures, or nil and the failure.
function tensorflow.metadata(model, version, signatures)
  local signature = signatures and signatures[SIGNATURE]
  if not signature then
    return nil, words.failure("its metadata has no signature " .. SIGNATURE)
  end
  return {
    name = model, platform = "tensorflow", versions = { version }, version = version,
    inputs = tensors_of(signature.inputs), outputs = tensors_of(signature.outputs),
  }
end

return tensorflow
