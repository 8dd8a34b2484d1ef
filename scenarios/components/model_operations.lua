-- Operations of the control plane's test: each creates, updates or deletes a model, by weights and
-- within the places that there are. While it does, nobody else changes that model.
local execution     = require "perigee.execution"
local metrics       = require "perigee.metrics"
local random        = require "perigee.random"
local time          = require "perigee.time"
local control_plane = require "components.control_plane"
local model_pool    = require "components.model_pool"
local models        = require "components.models"
local settings      = require "components.settings"

local M = {}

local operations = metrics.counter("control_plane_ops")
local duration = metrics.trend("control_plane_op_duration", true)

local pools, used = {}, {}
for i = 1, #settings.model_type do
  pools[i] = model_pool.of(i)
  if settings.max_num_models[i] > 0 then used[#used + 1] = i end
end

-- The model as a control plane takes it; what is in the pool are its number and what it was given.
local function model_of(i, item)
  local model = models.nth(i, item.n)
  model.replicas = item.replicas
  model.memory_bytes = item.memory_bytes or model.memory_bytes
  return model
end

-- A model that was there before the first operation.
function M.add_loaded(i, n, replicas)
  if not pools[i]:take_place() then
    error(("there are more models %s... than MAX_NUM_MODELS and MAX_NUM_MODELS_HEADROOM " ..
      "allow"):format(settings.modelname_prefix[i]), 0)
  end
  pools[i]:put({ n = n, replicas = replicas })
end

-- The type and number of a model that is called as this run calls them; nil of any other.
function M.number_of(name)
  for _, i in ipairs(used) do
    local prefix = settings.modelname_prefix[i]
    local digits = name:sub(1, #prefix) == prefix and name:match("^%d+$", #prefix + 1)
    if digits then return i, tonumber(digits) end
  end
end

-- All that the run knows of, by type: for one who has made sure that nobody changes them.
function M.all()
  local all = {}
  for _, i in ipairs(used) do
    for _, item in ipairs(pools[i]:all()) do
      all[#all + 1] = { model = model_of(i, item), doubtful = item.doubtful }
    end
  end
  return all
end

-- Orders it, and its pipeline with VIA_PIPELINE. The first that fails ends it.
local function load(model)
  local outcome = control_plane.attempt("model", "load", model)
  if not outcome.ok or not settings.via_pipeline then return outcome end
  return control_plane.attempt("pipeline", "load", models.pipeline_of(model))
end

local function unload(model)
  if settings.via_pipeline then
    local outcome = control_plane.attempt("pipeline", "unload", models.pipeline_of(model))
    if not outcome.ok and not outcome.race then return outcome end
  end
  return control_plane.attempt("model", "unload", model)
end

M.unload = unload

-- Frees the place of what is not there any more. Where that can't be known, the model stays in the
-- pool and nothing is expected of it.
local function take_away(i, item)
  local outcome = unload(model_of(i, item))
  if outcome.ok or outcome.race then
    pools[i]:free_place()
  else
    item.doubtful = true
    pools[i]:put(item)
  end
  return outcome
end

-- Each VU creates models in a range of numbers of its own; set-up's is the first.
local created = 0

local function next_number()
  if created >= settings.max_create_ops_per_vu then return nil end
  created = created + 1
  return execution.vu.id_in_test * settings.max_create_ops_per_vu + created - 1
end

-- A model that could not be made may be there all the same.
local function create(i)
  local pool = pools[i]
  if not pool:take_place() then return nil end
  local n = next_number()
  if not n then
    pool:free_place()
    return nil
  end
  local item = { n = n, replicas = settings.model_num_replicas[i] }
  local outcome = load(model_of(i, item))
  if outcome.ok then
    pool:put(item)
  else
    take_away(i, item)
  end
  return outcome
end

local function rounded(number)
  return math.floor(number + 0.5)
end

-- Up or down, the memory from what was configured, the replicas from what they are.
local function changed(i, item)
  local up = random.float() < 0.5
  local memory, max = settings.model_memory_bytes[i], settings.max_model_replicas[i]
  local by = rounded(random.float() * memory * settings.max_mem_update_fraction)
  local replicas = item.replicas
  if up then
    replicas = replicas + rounded(random.float() * math.max(max - replicas, 0))
  else
    replicas = math.max(replicas - rounded(random.float() * replicas), 1)
  end
  return { n = item.n, replicas = replicas, memory_bytes = memory + (up and by or -by) }
end

local function update(i)
  local pool = pools[i]
  local item = pool:take()
  if not item then return nil end
  local new = changed(i, item)
  local outcome = load(model_of(i, new))
  new.doubtful = not outcome.ok
  pool:put(new)
  return outcome
end

local function delete(i)
  local item = pools[i]:take()
  return item and take_away(i, item)
end

local acts = { create = create, update = update, delete = delete }
local names = { "create", "update", "delete" }

local function weights_of(i)
  local bias, weights = settings.model_create_update_delete_bias, {}
  for at, name in ipairs(names) do
    if bias[at] > 0 then weights[name] = bias[at] end
  end
  -- Where there is nothing to update or delete, the first model has to come from somewhere.
  if bias[1] == 0 and pools[i]:size() == 0 then weights.create = 1 end
  return weights
end

local function note(name, outcome, began)
  local result = outcome.ok and "ok" or outcome.race and "race" or "failed"
  operations:add(1, { operation = name, result = result })
  duration:add(time.monotonic() - began, { operation = name })
  if result == "failed" then print(("could not %s: %s"):format(name, outcome.reason)) end
  return outcome
end

-- One operation on a type at random. What is drawn and can't be done now, as there is no model or
-- no place, is drawn again without it. Returns what became of it, nil if there is nothing to do.
function M.run()
  if #used == 0 then error("MAX_NUM_MODELS is 0 for every type: there is no model", 0) end
  local i = random.item(used)
  local weights = weights_of(i)
  while next(weights) do
    local name = random.weighted(weights)
    local began = time.monotonic()
    local outcome = acts[name](i)
    if outcome then return note(name, outcome, began) end
    weights[name] = nil
  end
end

return M
