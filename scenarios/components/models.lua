-- The models that scenarios load and call, by MODEL_TYPE: where they are stored, what they need,
-- and the request they take.
local settings = require "components.settings"

local M = {}

-- Payloads are written as JSON text, since those of images have 150528 numbers per request.

local function repeated(value, count)
  return (value .. ","):rep(count - 1) .. value
end

-- "first,first+1,..."
local function counting(first, count)
  local numbers = {}
  for i = 1, count do numbers[i] = ("%d"):format(first + i - 1) end
  return table.concat(numbers, ",")
end

local function tensor(name, datatype, shape, data)
  local named = name and ('"name":"%s",'):format(name) or ""
  return ('{%s"shape":[%s],"datatype":"%s","data":[%s]}'):format(
    named, table.concat(shape, ","), datatype, data)
end

local function image(name, ...)
  local size = { ... }
  local pixels = 1
  for _, length in ipairs(size) do pixels = pixels * length end
  return function(batch)
    return tensor(name, "FP32", { batch, unpack(size) }, repeated("0.1", batch * pixels))
  end
end

-- The same data for each of two inputs.
local function pair(first, second, datatype, width, data)
  return function(batch)
    local shape = { batch, width }
    local values = data(width * batch)
    return tensor(first, datatype, shape, values) .. "," .. tensor(second, datatype, shape, values)
  end
end

local function iris_inputs(batch)
  local rows = {}
  for i = 1, batch do rows[i] = "[" .. counting(4 * (i - 1), 4) .. "]" end
  return tensor("predict", "FP32", { batch, 4 }, table.concat(rows, ","))
end

local wine_columns = {
  "fixed acidity", "volatile acidity", "citric acidity", "residual sugar", "chlorides",
  "free sulfur dioxide", "total sulfur dioxide", "density", "pH", "sulphates", "alcohol",
}

local function wine_inputs()
  local inputs = {}
  for i, column in ipairs(wine_columns) do inputs[i] = tensor(column, "FP32", { 1 }, "1") end
  return table.concat(inputs, ",")
end

-- `inputs(batch)` is the text of the request's inputs; some models take one size only.
M.types = {
  iris = {
    storage_uri = "gs://seldon-models/testing/iris", variants = 10, requirements = { "sklearn" },
    inputs = iris_inputs,
  },
  tfsimple = {
    storage_uri = "gs://seldon-models/triton/simple", requirements = { "tensorflow" },
    inputs = pair("INPUT0", "INPUT1", "INT32", 16, function(n) return counting(0, n) end),
  },
  tfsimple_string = {
    storage_uri = "gs://seldon-models/triton/tf_simple_string", requirements = { "tensorflow" },
    inputs = pair("INPUT0", "INPUT1", "BYTES", 16, function(n) return repeated('"97"', n) end),
  },
  add10 = {
    storage_uri = "gs://seldon-models/triton/add10", requirements = { "tensorflow", "python" },
    inputs = function() return tensor("INPUT", "FP32", { 4 }, repeated("0.1", 4)) end,
  },
  sentiment = {
    storage_uri = "gs://seldon-models/mlserver/huggingface/sentiment",
    requirements = { "huggingface" },
    inputs = function(batch)
      return tensor("args", "BYTES", { batch }, repeated('"this is a cool test"', batch))
    end,
  },
  pytorch_cifar10 = {
    storage_uri = "gs://seldon-models/triton/pytorch_cifar10/cifar10",
    requirements = { "pytorch" },
    inputs = image("input__0", 3, 32, 32),
  },
  tfmnist = {
    storage_uri = "gs://seldon-models/triton/tf_mnist", requirements = { "tensorflow" },
    inputs = image("conv2d_input", 28, 28, 1),
  },
  tfresnet152 = {
    storage_uri = "gs://seldon-models/triton/tf_resnet152", requirements = { "tensorflow" },
    inputs = image("input_1", 224, 224, 3),
  },
  onnx_gpt2 = {
    storage_uri = "gs://seldon-models/triton/onnx_gpt2/gpt2", requirements = { "onnx" },
    inputs = pair("input_ids", "attention_mask", "INT32", 10, function(n)
      return repeated("1", n)
    end),
  },
  mlflow_wine = {
    storage_uri = "gs://seldon-models/mlflow/elasticnet_wine_model_mlserver_1_1",
    requirements = { "mlflow" }, parameters = '{"content_type":"pd"}',
    inputs = wine_inputs,
  },
  echo = {
    storage_uri = "gs://seldon-models/integration-tests/models/mlserver/echo",
    requirements = { "mlserver" },
    inputs = function() return tensor("predict", "BYTES", { 1 }, '"hello"') end,
  },
  synth = {
    storage_uri = "gs://seldon-models/integration-tests/models/mlserver/reference-workload-model",
    requirements = { "mlserver" },
    inputs = function() return tensor(nil, "BYTES", { 1 }, '"h"') end,
  },
}

local function find_type(name)
  local found = M.types[name]
  if found then return found end
  local known = {}
  for type_name in pairs(M.types) do known[#known + 1] = type_name end
  table.sort(known)
  error(("MODEL_TYPE: there is no model type %s; there are %s"):format(
    name, table.concat(known, ", ")), 0)
end

local function payload(model_type, batch)
  local parameters = model_type.parameters and ',"parameters":' .. model_type.parameters or ""
  return ('{"inputs":[%s]%s}'):format(model_type.inputs(batch), parameters)
end

-- What all models of the i-th MODEL_TYPE share, made once.
local kinds, used = {}, {}
for i, name in ipairs(settings.model_type) do
  local model_type = find_type(name)
  kinds[i] = {
    name = name, model_type = model_type, models = {},
    body = payload(model_type, settings.infer_batch_size[i]),
  }
  if settings.max_num_models[i] > 0 then used[#used + 1] = i end
end

local function storage_uri(model_type, n)
  if not model_type.variants then return model_type.storage_uri end
  return model_type.storage_uri .. ("%d"):format(n % model_type.variants)
end

local function name_of(i, n)
  if settings.model_name ~= "" then return settings.model_name end
  return settings.modelname_prefix[i] .. ("%d"):format(n)
end

-- The n-th model, from 0, of the i-th MODEL_TYPE: its name and type, what a control plane needs to
-- load it, and the body of a request to it.
function M.nth(i, n)
  local kind = kinds[i]
  return {
    name = name_of(i, n),
    type = kind.name,
    storage_uri = storage_uri(kind.model_type, n),
    requirements = kind.model_type.requirements,
    body = kind.body,
  }
end

-- All models that the settings ask for.
function M.all()
  local models = {}
  for _, i in ipairs(used) do
    for n = 0, settings.max_num_models[i] - 1 do models[#models + 1] = M.nth(i, n) end
  end
  return models
end

-- One of them at random: each type is as likely as any other, and so is each of its models. The
-- same model is the same table each time.
function M.any()
  if #used == 0 then error("MAX_NUM_MODELS is 0 for every type: there is no model to call", 0) end
  local i = used[math.random(#used)]
  local n = math.random(settings.max_num_models[i]) - 1
  local models = kinds[i].models
  local model = models[n]
  if not model then
    model = M.nth(i, n)
    models[n] = model
  end
  return model
end

return M
