-- The types of models by MODEL_TYPE: where they are stored, what they need, and the inputs they
-- take.
local tensors = require "components.tensors"

local repeated, counting, tensor = tensors.repeated, tensors.counting, tensors.tensor

local function image(name, ...)
  local size = { ... }
  local pixels = 1
  for _, length in ipairs(size) do pixels = pixels * length end
  return function(batch)
    return { tensor(name, "FP32", { batch, unpack(size) }, repeated(0.1, batch * pixels)) }
  end
end

-- The same values for each of two inputs; `grpc_values` in messages, if those are others.
local function pair(first, second, datatype, width, values, grpc_values)
  return function(batch)
    local shape, count = { batch, width }, batch * width
    local grpc = { values = grpc_values and grpc_values(count) }
    return {
      tensor(first, datatype, shape, values(count), grpc),
      tensor(second, datatype, shape, values(count), grpc),
    }
  end
end

local function all(value)
  return function(count) return repeated(value, count) end
end

local wine_columns = {
  "fixed acidity", "volatile acidity", "citric acidity", "residual sugar", "chlorides",
  "free sulfur dioxide", "total sulfur dioxide", "density", "pH", "sulphates", "alcohol",
}

local function wine_inputs()
  local inputs = {}
  for i, column in ipairs(wine_columns) do
    inputs[i] = tensor(column, "FP32", { 1 }, repeated(1, 1))
  end
  return inputs
end

-- `inputs(batch)` are the request's input tensors; some models take one size only. `parameters`
-- are those of the request, all of them strings.
return {
  iris = {
    storage_uri = "gs://seldon-models/testing/iris", variants = 10, requirements = { "sklearn" },
    inputs = function(batch)
      return { tensor("predict", "FP32", { batch, 4 }, tensors.counting_rows(batch, 4)) }
    end,
  },
  tfsimple = {
    storage_uri = "gs://seldon-models/triton/simple", requirements = { "tensorflow" },
    inputs = pair("INPUT0", "INPUT1", "INT32", 16, counting),
  },
  tfsimple_string = {
    storage_uri = "gs://seldon-models/triton/tf_simple_string", requirements = { "tensorflow" },
    inputs = pair("INPUT0", "INPUT1", "BYTES", 16, all("97"), all("1")),
  },
  add10 = {
    storage_uri = "gs://seldon-models/triton/add10", requirements = { "tensorflow", "python" },
    inputs = function() return { tensor("INPUT", "FP32", { 4 }, repeated(0.1, 4)) } end,
  },
  sentiment = {
    storage_uri = "gs://seldon-models/mlserver/huggingface/sentiment",
    requirements = { "huggingface" },
    inputs = function(batch)
      return { tensor("args", "BYTES", { batch }, repeated("this is a cool test", batch)) }
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
    inputs = pair("input_ids", "attention_mask", "INT32", 10, all(1)),
  },
  mlflow_wine = {
    storage_uri = "gs://seldon-models/mlflow/elasticnet_wine_model_mlserver_1_1",
    requirements = { "mlflow" }, parameters = { content_type = "pd" },
    inputs = wine_inputs,
  },
  echo = {
    storage_uri = "gs://seldon-models/integration-tests/models/mlserver/echo",
    requirements = { "mlserver" },
    inputs = function()
      return { tensor("predict", "BYTES", { 1 }, repeated("hello", 1), { name = "input_1" }) }
    end,
  },
  synth = {
    storage_uri = "gs://seldon-models/integration-tests/models/mlserver/reference-workload-model",
    requirements = { "mlserver" },
    inputs = function()
      return { tensor(nil, "BYTES", { 1 }, repeated("h", 1), { name = "input_1" }) }
    end,
  },
}
