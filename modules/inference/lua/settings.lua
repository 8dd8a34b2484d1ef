-- What inference.load takes: names and types are looked at, and what was left out is filled in.
local raw = ...
local fail, suggest = raw.fail, raw.suggest
local ipairs, next, sort, tostring, type = ipairs, next, table.sort, tostring, type

local settings = {}

local data_types = {
  batch_sizes = "table", shape = "table", shapes = "table", data = "string table",
  inputs = "table", min_value = "number", max_value = "number",
}

local types = {
  api = "string", address = "string", grpc_port = "number", rest_port = "number",
  model = "string", version = "string", dataset_length = "number", warmup = "number",
  window = "number", error_limit = "number", error_exposition = "number",
  max_throughput = "number", concurrency = "number", step_timeout = "number",
  metadata_timeout = "number", tls = "table", tries = "number", binary = "boolean",
  connections = "number", hist_factor = "number", hist_base = "number", quantiles = "table",
  id = "string", output = "string", report_warmup = "boolean", list = "boolean",
  print_time = "boolean", stateful_length = "number", stateful_id = "number",
  stateful_hop = "number",
}
for name, wanted in next, data_types do types[name] = wanted end

local defaults = {
  api = "auto", error_limit = 0, error_exposition = 0, warmup = 0, concurrency = 1,
  step_timeout = 30, metadata_timeout = 45, tries = 48, hist_factor = 100, hist_base = 1.5,
  id = "worker", output = "summary", min_value = 0, max_value = 255, list = false,
  stateful_length = 0, stateful_id = 1, stateful_hop = 0,
}

local apis = { "auto", "KFS", "REST", "TFS", "TFS-REST" }

local function names_of(known)
  local names = {}
  for name in next, known do names[#names + 1] = name end
  sort(names)
  return names
end

local function check(given, known)
  for name, value in next, given do
    local wanted = known[name]
    if not wanted then
      local text = tostring(name)
      fail("there is no setting " .. text .. suggest(text, names_of(known)))
    end
    if not (" " .. wanted .. " "):find(" " .. type(value) .. " ", 1, true) then
      fail(("%s must be a %s, got a %s"):format(name, (wanted:gsub(" ", " or a ")), type(value)))
    end
  end
end

local function filled(given)
  local all = {}
  for name, value in next, defaults do all[name] = value end
  for name, value in next, given do all[name] = value end
  all.shapes = all.shapes or {}
  return all
end

local function check_sizes(name, sizes, place)
  if #sizes == 0 then fail(place .. " must be a list of sizes like { 1, 3, 224, 224 }") end
  for _, size in ipairs(sizes) do
    if type(size) ~= "number" or size < 1 or size % 1 ~= 0 then
      fail(("%s must be whole numbers above 0, got %s"):format(name, tostring(size)))
    end
  end
end

local function check_data(all)
  if all.batch_sizes then check_sizes("batch_sizes", all.batch_sizes, "batch_sizes") end
  if all.shape then check_sizes("shape", all.shape, "shape") end
  for name, shape in next, all.shapes do check_sizes("the sizes of " .. name, shape, "a shape") end
  if all.min_value > all.max_value then
    fail(("min_value is %s, which is above max_value, %s"):format(all.min_value, all.max_value))
  end
end

-- A request can't begin and end a sequence at once.
local function check_sequences(all)
  if all.stateful_length ~= 0 and all.stateful_length < 2 then
    fail("stateful_length must be 0, for no sequences, or at least 2: one request begins a " ..
      "sequence, and another ends it")
  end
  for _, name in ipairs { "stateful_length", "stateful_id", "stateful_hop" } do
    local value = all[name]
    if value < 0 or value % 1 ~= 0 then
      fail(("%s must be a whole number that is not below 0, got %s"):format(name, value))
    end
  end
end

local function check_api(all)
  for _, name in ipairs(apis) do
    if all.api == name then return end
  end
  fail(("api must be auto, KFS, REST, TFS or TFS-REST, got %q%s"):format(all.api,
    suggest(all.api, apis)))
end

local function check_server(all)
  check_api(all)
  if not all.address then fail("address is missing: the host of the server") end
  if all.address:find("/", 1, true) then
    fail(("address must be a host like 127.0.0.1, got %q"):format(all.address))
  end
  if (all.api == "KFS" or all.api == "TFS") and not all.grpc_port then
    fail(all.api .. " is gRPC: grpc_port is missing")
  end
  if (all.api == "REST" or all.api == "TFS-REST") and not all.rest_port then
    fail(all.api .. " is HTTP: rest_port is missing")
  end
  if not all.grpc_port and not all.rest_port then
    fail("no port is given: say grpc_port, rest_port or both")
  end
  if not all.model and not all.list then fail("model is missing: the name that it is served by") end
end

-- Of data alone.
function settings.of_data(given)
  check(given, data_types)
  local all = filled(given)
  check_data(all)
  return all
end

function settings.read(given)
  check(given, types)
  local all = filled(given)
  check_server(all)
  check_sequences(all)
  check_data(all)
  return all
end

return settings
