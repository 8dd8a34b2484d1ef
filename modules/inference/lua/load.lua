-- inference.load: what a scenario does to load a model, in its parts.
local raw, guard, words, settings_reader, tensors, apis, report, sequences = ...
local core, execution, json, metrics, time =
  raw.core, raw.execution, raw.json, raw.metrics, raw.time
local huge, ipairs, pcall, setmetatable, type = math.huge, ipairs, pcall, setmetatable, type

local SETTINGS, APIS, METRICS, CLIENT = 1, 2, 3, 4
local load = {}

local function seconds()
  return time.monotonic() / 1000
end

local function fail(text)
  raw.fail(text)
end

-- Setup ------------------------------------------------------------------------------------------

-- As the OpenVINO client asks: over HTTP, where there is a port for it.
local function list_models(self, found)
  local settings, api = self[SETTINGS], apis.lister(self[APIS]) or found
  local models, failure, asked = apis.wait(settings, "the list of models", function()
    return api:models(settings)
  end)
  if not models then fail("the server lists no models: " .. failure.text) end
  return report.models(settings, models, asked)
end

local function known_models(settings, api)
  local models = api:models(settings)
  if type(models) ~= "table" then return "" end
  local names = {}
  for i, model in ipairs(models) do names[i] = model.name end
  if #names == 0 then return "; it has no models" end
  return "; it has " .. table.concat(names, ", ")
end

local function read_metadata(settings, api)
  local metadata, failure = apis.wait(settings, "model " .. settings.model, function()
    return api:metadata(settings.model, settings.version)
  end)
  if metadata then return metadata end
  local version = settings.version and ", version " .. settings.version or ""
  fail(("the server has no metadata of model %q%s: %s%s"):format(settings.model, version,
    failure.text, known_models(settings, api)))
end

local function find_api(self)
  local found, failure = apis.find(self[SETTINGS], self[APIS])
  if not found then fail("no inference server: " .. failure.text) end
  local version = found.server.version and " " .. found.server.version or ""
  raw.info(("the server is %s%s; its API is %s"):format(found.server.name or "unknown", version,
    found.api.name))
  return found.api
end

local function append(lines, more)
  for _, text in ipairs(more) do lines[#lines + 1] = text end
end

-- How many requests are made: one for each batch size at least.
local function dataset_length(settings)
  local sizes = settings.batch_sizes and #settings.batch_sizes or 1
  return sequences.whole(settings, math.max(settings.dataset_length or sizes, sizes))
end

-- What is wrong with shapes or data ends the run before the load.
local function describe_inputs(settings, metadata)
  local sizes = settings.batch_sizes
  for nth = 2, sizes and #sizes or 1 do tensors.shapes(metadata, settings, nth) end
  return tensors.shapes(metadata, settings, 1)
end

function load.setup(self)
  local settings = self[SETTINGS]
  -- A list needs no API to infer by.
  local lister = not settings.model and apis.lister(self[APIS])
  local api = lister or find_api(self)
  local lines = {}
  if settings.list then append(lines, list_models(self, api)) end
  local result = { api = api.name, binary = api.binary, lines = lines }
  if settings.model then
    result.metadata = read_metadata(settings, api)
    if settings.list or settings.output == "all" then
      append(lines, report.metadata(settings, result.metadata))
    end
    if settings.list then return result end
    local inputs, frames = describe_inputs(settings, result.metadata)
    result.inputs = inputs
    if settings.output == "all" then
      append(lines, report.data(settings, inputs, frames, dataset_length(settings)))
    end
  end
  return result
end

-- Inferences -------------------------------------------------------------------------------------

local function make_inputs(settings, metadata)
  local list, skipped, length = {}, 0, dataset_length(settings)
  for nth = 1, length do
    local inputs, frames = tensors.inputs(metadata, settings, nth, skipped)
    if not inputs then
      raw.warn(("the data is used up after %d of %d requests"):format(nth - 1, length))
      break
    end
    list[nth] = { inputs = inputs, frames = frames }
    skipped = skipped + frames
  end
  sequences.cut(settings, list)
  if #list == 0 then fail("the data has not enough rows for a batch, or for a sequence") end
  return list
end

-- The inputs of requests, which all VUs of a worker share: made by the first that needs them. Loads
-- are told apart by what they are told.
local made = {}

local function inputs_for(self, setup)
  local key = self.key .. json.encode(setup.metadata)
  if not made[key] then made[key] = make_inputs(self[SETTINGS], setup.metadata) end
  return made[key]
end

-- Clients of a rate begin when they are needed first; their windows are those of the load.
local function start_of(now)
  if not execution.scenario.executor:find("arrival", 1, true) then return now end
  return now - execution.instance.current_test_run_duration / 1000
end

-- What a VU has once it has begun.
local function begin(self, setup)
  local settings, api = self[SETTINGS], apis.named(self[APIS], setup.api)
  api.binary = setup.binary
  local requests = {}
  for i, item in ipairs(inputs_for(self, setup)) do
    local inputs = sequences.inputs(settings, item.inputs, execution.vu.id_in_test, i)
    requests[i] = { call = api:request(setup.metadata, inputs), frames = item.frames }
  end
  api:start()
  raw.scale(settings.hist_factor, settings.hist_base)
  local client = {
    api = api, requests = requests, next = 0, failures = 0, outputs = setup.metadata.outputs,
    number = raw.client(start_of(seconds()), settings.warmup, settings.window or huge),
    pace = settings.max_throughput and settings.max_throughput / settings.concurrency or nil,
  }
  self[CLIENT] = client
  return client
end

-- What a VU can't begin with, no other can.
local function begun(self, setup)
  local ok, client = pcall(begin, self, setup)
  if ok then return client end
  execution.test.abort(words.without_place(client))
end

local function has_shape(shape, wanted)
  if type(shape) ~= "table" or #shape ~= #wanted then return false end
  -- The first size is the batch.
  for i = 2, #wanted do
    if wanted[i] >= 0 and wanted[i] ~= shape[i] then return false end
  end
  return true
end

local function shape_problem(outputs, expected)
  local by_name = {}
  for _, output in ipairs(type(outputs) == "table" and outputs or {}) do
    by_name[output.name] = output
  end
  for _, wanted in ipairs(expected) do
    -- What a model gives only when it is asked for may be missing.
    local output = by_name[wanted.name]
    if output and not has_shape(output.shape, wanted.shape) then
      return ("output %q has the shape %s, its metadata says %s"):format(wanted.name,
        words.shape(output.shape or {}), words.shape(wanted.shape))
    end
  end
end

local function count_failure(self, client, problem)
  local settings = self[SETTINGS]
  client.failures = client.failures + 1
  if settings.error_exposition == 0 or client.failures <= settings.error_exposition then
    raw.warn("an inference has failed: " .. problem)
  end
  if client.failures == 1 then execution.test.fail("inferences have failed") end
  if settings.error_limit > 0 and client.failures > settings.error_limit then
    execution.test.abort(("a client has had more than %d failed inferences (error_limit)"):format(
      settings.error_limit))
  end
end

local function judge(self, client, res, problem)
  if problem then return count_failure(self, client, problem) end
  local strange = shape_problem(client.api:outputs(res), client.outputs)
  self[METRICS].shapes:add(strange and 1 or 0)
  if strange then raw.warn(strange) end
end

-- The client keeps to its part of the frames per second, and catches nothing up.
local function pause(client, frames, latency)
  if not client.pace then return end
  local rest = frames / client.pace - latency
  if rest > 0 then core.sleep(rest) end
end

function load.infer(self, setup)
  local client = self[CLIENT] or begun(self, setup)
  local api, request = client.api, client.requests[client.next + 1]
  client.next = (client.next + 1) % #client.requests
  local began = seconds()
  local res = api:infer(request.call)
  local ended = seconds()
  local latency, problem = ended - began, api:problem(res)
  raw.add(client.number, request.frames, latency, ended, not problem)
  local counted = self[METRICS]
  counted.duration:add(latency * 1000)
  counted.failed:add(problem ~= nil)
  counted.frames:add(request.frames)
  judge(self, client, res, problem)
  pause(client, request.frames, latency)
end

-- What handleSummary returns.
function load.summary(self, data)
  local settings, setup = self[SETTINGS], data.setup_data
  if not setup then return {} end
  if settings.list then return { stdout = table.concat(setup.lines, "\n") .. "\n" } end
  return { stdout = report.load(settings, setup) or raw.summary.text(data) }
end

local meta = { __index = load, __metatable = false }
guard.all("inference_load:", load, meta)

-- At the top of a script.
return function(given)
  local settings = settings_reader.read(given)
  return setmetatable({
    settings, apis.open(settings), {
      duration = metrics.trend("inference_req_duration", true),
      failed = metrics.rate("inference_req_failed"),
      frames = metrics.counter("inference_frames"),
      shapes = metrics.counter("inference_unexpected_shapes"),
    }, false, key = json.encode(given),
  }, meta)
end
