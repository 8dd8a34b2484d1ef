-- The environment variables that the scenarios understand, read and checked once per VU. The table
-- at the end is the whole list; docs/environment.md says what each one means.
local M = {}

-- What is wrong with a variable is no fault of a line of the script: the message stands alone.
local function refuse(name, value, wanted)
  error(("%s=%s: must be %s"):format(name, value, wanted), 0)
end

-- Readers: from a variable's name and text to its value.

local function text(_, value)
  return value
end

local function url(name, value)
  if value:find("^https?://[^/]") then return (value:gsub("/+$", "")) end
  refuse(name, value, "a URL like http://127.0.0.1:9000")
end

local flags = {
  ["1"] = true, ["true"] = true, yes = true, ["0"] = false, ["false"] = false, no = false,
}

local function flag(name, value)
  local on = flags[value:lower()]
  if on == nil then refuse(name, value, "1, true or yes for on; 0, false or no for off") end
  return on
end

local function whole_from(least)
  return function(name, value)
    local number = tonumber(value)
    if not number or number % 1 ~= 0 or number < least then
      refuse(name, value, ("a whole number of at least %d"):format(least))
    end
    return number
  end
end

local function positive(name, value)
  local number = tonumber(value)
  if number and number > 0 and number < math.huge then return number end
  refuse(name, value, "a number above 0")
end

local function one_of(...)
  local known = { ... }
  return function(name, value)
    for _, word in ipairs(known) do
      if value == word then return value end
    end
    local words = table.concat(known, " or ")
    refuse(name, value, words .. ": nothing else is available in this version")
  end
end

-- "a,b,c" -> { "a", "b", "c" }, each read by `read_item`. One item for each model type.
local function list_of(read_item)
  return function(name, value)
    local items = {}
    for item in (value .. ","):gmatch("([^,]*),") do
      item = item:match("^%s*(.-)%s*$")
      if item == "" then refuse(name, value, "a list like a,b,c without empty items") end
      items[#items + 1] = read_item(name, item)
    end
    local types = M.model_type
    if types and #items ~= #types then
      refuse(name, value, ("a list of %d: one for each MODEL_TYPE"):format(#types))
    end
    return items
  end
end

-- A flag of which this version knows one side only.
local function off(name, value)
  if flag(name, value) then
    error(("%s=%s: not available in this version; leave it unset"):format(name, value), 0)
  end
  return false
end

local function no_grpc(name, value)
  if whole_from(0)(name, value) > 0 then
    error(("%s=%s: gRPC is not available in this version; set it to 0"):format(name, value), 0)
  end
  return 0
end

-- Defaults that depend on the model types.

local function each(value)
  return function()
    local values = {}
    for i = 1, #M.model_type do values[i] = value end
    return values
  end
end

-- Without a prefix of their own, models are called like the types that were asked for.
local function prefixes()
  return __ENV.MODEL_TYPE and M.model_type or each("model")()
end

-- { name in scripts, variable, reader, default or the function that makes it }
local variables = {
  { "model_type", "MODEL_TYPE", list_of(text), { "iris" } },
  { "modelname_prefix", "MODELNAME_PREFIX", list_of(text), prefixes },
  { "max_num_models", "MAX_NUM_MODELS", list_of(whole_from(0)), each(1) },
  { "model_name", "MODEL_NAME", text, "" },
  { "infer_http_endpoint", "INFER_HTTP_ENDPOINT", url, "http://127.0.0.1:9000" },
  { "infer_http_iterations", "INFER_HTTP_ITERATIONS", whole_from(0), 1 },
  { "infer_grpc_iterations", "INFER_GRPC_ITERATIONS", no_grpc, 0 },
  { "infer_batch_size", "INFER_BATCH_SIZE", list_of(whole_from(1)), each(1) },
  { "infer_type", "INFER_TYPE", one_of("REST"), "REST" },
  { "envoy", "ENVOY", flag, true },
  { "warmup", "WARMUP", flag, true },
  { "skip_load_model", "SKIP_LOAD_MODEL", flag, false },
  { "skip_infer", "SKIP_INFER", flag, false },
  { "skip_unload_model", "SKIP_UNLOAD_MODEL", flag, false },
  { "request_rate", "REQUEST_RATE", positive, 10 },
  { "constant_rate_duration_seconds", "CONSTANT_RATE_DURATION_SECONDS", positive, 30 },
  { "control_plane", "CONTROL_PLANE", one_of("http"), "http" },
  { "model_load_timeout_seconds", "MODEL_LOAD_TIMEOUT_SECONDS", positive, 600 },
  { "use_kube_control_plane", "USE_KUBE_CONTROL_PLANE", off, false },
  { "scheduler_proxy", "SCHEDULER_PROXY", off, false },
  { "via_pipeline", "VIA_PIPELINE", off, false },
  { "enable_model_replica_change", "ENABLE_MODEL_REPLICA_CHANGE", off, false },
  { "debug", "K6_DEBUG", flag, false },
}

for _, variable in ipairs(variables) do
  local key, name, read, default = unpack(variable)
  local value = __ENV[name]
  if value and value ~= "" then
    M[key] = read(name, value)
  elseif type(default) == "function" then
    M[key] = default()
  else
    M[key] = default
  end
end

if M.model_name ~= "" and (#M.model_type > 1 or M.max_num_models[1] ~= 1) then
  error("MODEL_NAME names one model: give one MODEL_TYPE and leave MAX_NUM_MODELS at 1", 0)
end

return M
