-- The Open Inference Protocol over gRPC, which the OpenVINO client calls KFS.
local _, _, grpc_api = ...
local ipairs, setmetatable = ipairs, setmetatable

local SERVICE = "inference.GRPCInferenceService/"
local INFER = SERVICE .. "ModelInfer"

local api = { name = "KFS", start = grpc_api.start, problem = grpc_api.problem }
local meta = { __index = api }

function api.open(settings)
  return setmetatable(grpc_api.open(settings, "built-in/inference/inference.proto"), meta)
end

function api:server()
  return grpc_api.ask(self, SERVICE .. "ServerMetadata", {})
end

local function copy_tensors(list)
  local result = {}
  for i, item in ipairs(list or {}) do
    result[i] = { name = item.name, datatype = item.datatype, shape = item.shape }
  end
  return result
end

function api:metadata(model, version)
  local message, failure = grpc_api.ask(self, SERVICE .. "ModelMetadata",
    { name = model, version = version or "" })
  if not message then return nil, failure end
  local versions = message.versions or {}
  return {
    name = message.name ~= "" and message.name or model, platform = message.platform,
    versions = versions, version = version or versions[#versions] or "",
    inputs = copy_tensors(message.inputs), outputs = copy_tensors(message.outputs),
  }
end

-- The models that the server has: tables of name, version and state.
function api:models()
  local message, failure = grpc_api.ask(self, SERVICE .. "RepositoryIndex", {})
  return message and message.models, failure
end

-- What `infer` takes.
function api:request(metadata, inputs)
  local described, bytes, outputs = {}, {}, {}
  for i, input in ipairs(inputs) do
    described[i] = { name = input.name, datatype = input.datatype, shape = input.shape }
    bytes[i] = input.bytes
  end
  for i, output in ipairs(metadata.outputs) do outputs[i] = { name = output.name } end
  return self.client:encode(INFER, {
    model_name = metadata.name, model_version = metadata.version, inputs = described,
    outputs = outputs, raw_input_contents = bytes,
  })
end

function api:infer(request)
  return self.client:invoke(INFER, request, self.infer_params)
end

function api.outputs(_, res)
  return res.message.outputs
end

return api
