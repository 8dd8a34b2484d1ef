-- What is printed of a server, a model and a load: lines as the OpenVINO client writes them, JSON
-- behind its marks, a summary.
local raw, words, statistics = ...
local json = raw.json
local concat, floor, huge, min = table.concat, math.floor, math.huge, math.min
local ipairs, tostring, type = ipairs, tostring, type

local report = {}

-- The time of day with its microseconds.
local function time_of_day()
  local now = raw.core.now()
  local second = floor(now / 1000) * 1000
  return ("[%s.%06.0f] "):format(raw.time.format("%H:%M:%S", second, "local"),
    min(floor((now - second) * 1000), 999999))
end

local function line(settings, text)
  return (settings.print_time and time_of_day() or "") .. "XI " .. settings.id .. ": " .. text
end

local function marked(settings, topic, value)
  return ("JSON-OUTPUT:###%s###%s###%s"):format(settings.id, topic, json.encode(value))
end

-- Models and their status; `asked` are addresses with the statuses of their responses.
function report.models(settings, models, asked)
  if settings.output == "json" then
    return { marked(settings, "STATUS", json.array(models)) }
  end
  local lines = {}
  local function add(text) lines[#lines + 1] = line(settings, text) end
  for _, request in ipairs(asked or {}) do
    add("try to send request to endpoint: " .. request[1])
    add(("received status code is %d."):format(request[2]))
  end
  add("found models and their status:")
  for _, model in ipairs(models) do
    -- MLServer writes its states over gRPC as Python names them.
    local state = tostring(model.state or "-"):gsub("^State%.", "")
    local version = type(model.version) == "string" and model.version ~= "" and model.version or "-"
    add((" model: %s, version: %s - %s"):format(model.name, version, state))
  end
  return lines
end

-- TensorFlow's shapes as that client prints them: with a size as text in a dimension each.
local function shape_text(tensor)
  if not tensor.dtype then return words.shape(tensor.shape) end
  local dims = {}
  for i, size in ipairs(tensor.shape) do dims[i] = ("{'size': '%.0f'}"):format(size) end
  return "{'dim': [" .. concat(dims, ", ") .. "]}"
end

local function add_tensors(lines, settings, title, tensors)
  lines[#lines + 1] = line(settings, title .. ":")
  for _, tensor in ipairs(tensors) do
    lines[#lines + 1] = line(settings, " " .. tensor.name .. ":")
    lines[#lines + 1] = line(settings, "  name: " .. tensor.name)
    lines[#lines + 1] = line(settings, "  dtype: " .. (tensor.dtype or tensor.datatype))
    lines[#lines + 1] = line(settings, "  tensorShape: " .. shape_text(tensor))
  end
end

-- What the server says of a model.
function report.metadata(settings, metadata)
  if settings.output == "json" then return { marked(settings, "METADATA", metadata) } end
  local lines = {
    line(settings, ("request for metadata of model %s..."):format(metadata.name)),
    line(settings, ("Metadata for model %s is downloaded..."):format(metadata.name)),
    line(settings, ("set version of model %s: %s"):format(metadata.name, metadata.version)),
  }
  add_tensors(lines, settings, "inputs", metadata.inputs)
  add_tensors(lines, settings, "outputs", metadata.outputs)
  return lines
end

-- What is sent: the shapes are those of the first request.
function report.data(settings, inputs, frames, length)
  local lines = {}
  local function add(text) lines[#lines + 1] = line(settings, text) end
  add(("new random range: %s, %s"):format(words.number(settings.min_value, true),
    words.number(settings.max_value, true)))
  add("batchsize sequence: " .. words.shape(settings.batch_sizes or { frames }, ", "))
  for _, input in ipairs(inputs) do
    add(("dataset length (%s): %d"):format(input.name, length))
    for _, size in ipairs(input.shape) do add("--> dim: " .. words.number(size)) end
    add("Generated data shape: (" .. words.shape(input.shape, ", "):sub(2, -2) .. ")")
  end
  add("start workload...")
  return lines
end

-- JSON knows no infinity: where nothing has passed there is no first latency.
local function plain(value)
  if value == huge then return json.null end
  return value
end

local function as_json(settings)
  local values = {}
  for _, item in ipairs(statistics.all(settings)) do values[item[1]] = plain(item[2]) end
  return marked(settings, "STATISTICS", values)
end

local function as_lines(settings)
  local lines = {}
  for i, item in ipairs(statistics.all(settings)) do
    local value = item[2]
    local text = type(value) == "string" and value or words.number(value, not item[3])
    lines[i] = line(settings, item[1] .. ": " .. text)
  end
  return concat(lines, "\n")
end

local function by_name(list)
  local values = {}
  for _, item in ipairs(list) do values[item[1]] = item[2] end
  return values
end

local function milliseconds(seconds)
  return seconds and ("%.3f"):format(seconds * 1000) or "too few inferences"
end

-- The parts that the OpenVINO client's summary has.
local function as_summary(settings, setup)
  local all = by_name(statistics.figures("", raw.series("total")))
  local window = by_name(statistics.figures("", raw.series("window")))
  local buckets = raw.histogram()
  local lines = { "Parameters" }
  local function add(name, value) lines[#lines + 1] = ("  %-26s %s"):format(name, value) end
  add("model", setup.metadata.name)
  for _, input in ipairs(setup.inputs) do add("input " .. input.name, words.shape(input.shape)) end
  add("API", setup.api)
  add("request concurrency", words.number(settings.concurrency))
  add("warmup, s", words.number(settings.warmup))
  add("window, s", settings.window and words.number(settings.window) or "all")
  lines[#lines + 1] = "General"
  add("duration, s", ("%.3f"):format(all.total_duration))
  add("window duration, s", ("%.3f"):format(window.total_duration))
  add("batches", words.number(all.total_batches))
  add("batches in the window", words.number(window.total_batches))
  add("failed batches", words.number(all.fail_batches))
  lines[#lines + 1] = "Latency in the window, ms"
  add("mean", milliseconds(window.mean_latency))
  add("stdev", milliseconds(window.stdev_latency))
  for _, percent in ipairs { 50, 90, 95 } do
    local latency, width = statistics.quantile(settings, buckets, percent / 100)
    local exact = latency and (" (in a bucket of %s)"):format(milliseconds(width)) or ""
    add("p" .. percent, milliseconds(latency) .. exact)
  end
  lines[#lines + 1] = "Throughput"
  for _, name in ipairs { "brutto_frame_rate", "netto_frame_rate", "brutto_batch_rate",
    "netto_batch_rate" } do
    add(name, ("%.3f"):format(all[name]))
  end
  return concat(lines, "\n")
end

-- The text of a load that has ended; nil is the program's own summary.
function report.load(settings, setup)
  local output = settings.output
  local lines = concat(setup.lines, "\n") .. (#setup.lines > 0 and "\n" or "")
  if output == "json" then return lines .. as_json(settings) .. "\n" end
  if output == "all" then return lines .. as_lines(settings) .. "\n" end
  if output == "short" then return as_summary(settings, setup) .. "\n" end
end

return report
