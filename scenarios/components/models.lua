-- The models that the settings ask for: their names, what a control plane needs to load them, and
-- the requests they take.
local json     = require "perigee.json"
local packed   = require "perigee.tensor"
local types    = require "components.model_types"
local settings = require "components.settings"
local tensors  = require "components.tensors"

local M = {}

local function find_type(name)
  local found = types[name]
  if found then return found end
  local known = {}
  for type_name in pairs(types) do known[#known + 1] = type_name end
  table.sort(known)
  error(("MODEL_TYPE: there is no model type %s; there are %s"):format(
    name, table.concat(known, ", ")), 0)
end

local json_headers = { ["Content-Type"] = "application/json" }

local function binary_request(model_type, batch)
  local inputs = {}
  for i, tensor in ipairs(model_type.inputs(batch)) do inputs[i] = tensors.binary(tensor) end
  return packed.infer_request{ inputs = inputs, parameters = model_type.parameters, binary = true }
end

-- The body of a request over HTTP, and its headers.
local function http_request(model_type, batch)
  if settings.infer_binary then return binary_request(model_type, batch) end
  local inputs = {}
  for i, tensor in ipairs(model_type.inputs(batch)) do inputs[i] = tensors.json(tensor) end
  local parameters = model_type.parameters
  local more = parameters and ',"parameters":' .. json.encode(parameters) or ""
  return ('{"inputs":[%s]%s}'):format(table.concat(inputs, ","), more), json_headers
end

local function message_parameters(parameters)
  if not parameters then return nil end
  local all = {}
  for name, value in pairs(parameters) do all[name] = { string_param = value } end
  return all
end

-- What all models of the i-th MODEL_TYPE share, made once.
local kinds, used = {}, {}
for i, name in ipairs(settings.model_type) do
  local model_type = find_type(name)
  local body, headers = http_request(model_type, settings.infer_batch_size[i])
  kinds[i] = {
    name = name, model_type = model_type, called = {}, body = body, headers = headers,
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

local function model_called(name, i, n)
  local kind = kinds[i]
  return {
    name = name,
    type = kind.name,
    type_index = i,
    storage_uri = storage_uri(kind.model_type, n),
    requirements = kind.model_type.requirements,
    memory_bytes = settings.model_memory_bytes[i],
    replicas = settings.model_num_replicas[i],
    body = kind.body,
    headers = kind.headers,
  }
end

-- The n-th model, from 0, of the i-th MODEL_TYPE: its name and type, what a control plane needs to
-- load it, and the body of a request to it.
function M.nth(i, n)
  return model_called(name_of(i, n), i, n)
end

-- A model of the first MODEL_TYPE with a name of its own.
function M.named(name)
  return model_called(name, 1, 1)
end

-- The pipeline whose only step is this model. It is called otherwise: a scheduler refuses a
-- pipeline that has a step of its own name.
function M.pipeline_of(model)
  return {
    name = model.name .. "-pipeline", steps = { model.name }, is_pipeline = true,
    type_index = model.type_index, body = model.body, headers = model.headers,
  }
end

-- The message of a request over gRPC to a model or pipeline. It is made anew by each call: an
-- image's has 150528 numbers.
function M.message(model, called)
  local model_type = kinds[model.type_index].model_type
  local inputs, bytes = {}, settings.infer_binary and {} or nil
  for i, tensor in ipairs(model_type.inputs(settings.infer_batch_size[model.type_index])) do
    inputs[i] = tensors.message(tensor, bytes ~= nil)
    if bytes then bytes[i] = tensors.message_bytes(tensor) end
  end
  return {
    model_name = called, inputs = inputs, raw_input_contents = bytes,
    parameters = message_parameters(model_type.parameters),
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

-- What is called for each of the models: the model itself, or its pipeline with VIA_PIPELINE.
function M.called(models)
  if not settings.via_pipeline then return models end
  local pipelines = {}
  for i, model in ipairs(models) do pipelines[i] = M.pipeline_of(model) end
  return pipelines
end

-- What is called for the n-th model, from 0, of the i-th MODEL_TYPE; the same table each time.
-- `data` is what set-up found out: the versions of models, where they matter.
function M.called_nth(i, n, data)
  local called = kinds[i].called[n]
  if not called then
    called = M.called({ M.nth(i, n) })[1]
    called.version = data and data.versions[called.name]
    kinds[i].called[n] = called
  end
  return called
end

-- What is called for a model at random: each type is as likely as any other, and so is each of its
-- models.
function M.any(data)
  if #used == 0 then error("MAX_NUM_MODELS is 0 for every type: there is no model to call", 0) end
  local i = used[math.random(#used)]
  return M.called_nth(i, math.random(settings.max_num_models[i]) - 1, data)
end

-- A model of the first type at random, from MODEL_START_IDX to MODEL_END_IDX, or to the last of
-- MAX_NUM_MODELS.
function M.any_in_range()
  local first, last = settings.model_start_idx, settings.model_end_idx
  if last == 0 then last = math.max(first, settings.max_num_models[1] - 1) end
  return M.called_nth(1, math.random(first, last))
end

-- One model of each type that is used, at random.
function M.any_of_each_type()
  local models = {}
  for index, i in ipairs(used) do
    models[index] = M.nth(i, math.random(settings.max_num_models[i]) - 1)
  end
  return models
end

return M
