-- Inputs that fit a model: shapes from its metadata and from what was said, values at random, of a
-- few strings, or of files.
local raw, words, npy, sequences = ...
local fail, tensor, random = raw.fail, raw.tensor, raw.random
local ceil, floor, ipairs, max, min, type = math.ceil, math.floor, ipairs, math.max, math.min, type

local tensors = {}

-- What whole numbers can be; the values of others are rounded to them.
local ranges = {
  BOOL = { 0, 1 }, INT8 = { -2 ^ 7, 2 ^ 7 - 1 }, UINT8 = { 0, 2 ^ 8 - 1 },
  INT16 = { -2 ^ 15, 2 ^ 15 - 1 }, UINT16 = { 0, 2 ^ 16 - 1 },
  INT32 = { -2 ^ 31, 2 ^ 31 - 1 }, UINT32 = { 0, 2 ^ 32 - 1 },
  INT64 = { -2 ^ 53, 2 ^ 53 }, UINT64 = { 0, 2 ^ 53 },
}
local reals = { FP16 = true, BF16 = true, FP32 = true, FP64 = true }

local MAX_FP16 = 65504
local STRING_LENGTH = 16

-- That of the OpenVINO client's method "string": the same three, again and again.
local few_strings = { "The quick brown fox", "jumps over", "the lazy dog" }

local function count_of(shape)
  local count = 1
  for _, size in ipairs(shape) do count = count * size end
  return count
end

-- The shape of an input; its first size is the batch, where one was said.
local function shape_of(input, settings, batch)
  local said = settings.shapes[input.name] or settings.shape
  local shape = {}
  for i, size in ipairs(said or input.shape) do shape[i] = size end
  if shape[1] and batch then shape[1] = batch end
  if shape[1] and shape[1] < 0 then shape[1] = 1 end
  for i, size in ipairs(shape) do
    if size < 0 then
      local example = {}
      for k, known in ipairs(shape) do example[k] = known < 0 and 8 or known end
      fail(("input %q has the shape %s: size %d is for you to choose: write -s %s: %s, or " ..
        "shapes = { [%q] = { ... } } in a script"):format(input.name, words.shape(input.shape), i,
        input.name, words.sizes(example), input.name))
    end
  end
  return shape
end

local function random_numbers(datatype, shape, settings)
  local low, high = settings.min_value, settings.max_value
  local range = ranges[datatype]
  if range then
    low, high = max(ceil(low), range[1]), min(floor(high), range[2])
    if low > high then low, high = range[1], range[2] end
  elseif datatype == "FP16" then
    low, high = max(low, -MAX_FP16), min(high, MAX_FP16)
  end
  return tensor.random(datatype, shape, low, high)
end

local function random_strings(shape)
  local list = {}
  for i = 1, count_of(shape) do list[i] = random.string(STRING_LENGTH) end
  return tensor.pack("BYTES", list, shape)
end

local function repeated_strings(_, shape)
  return tensor.fill("BYTES", shape, few_strings)
end

local function random_values(input, shape, settings)
  if input.datatype == "BYTES" then return random_strings(shape) end
  return random_numbers(input.datatype, shape, settings)
end

-- Before the load: an error for an input that the method makes no values of.
local function check_datatype(input, method)
  local datatype = input.datatype
  if method == repeated_strings and datatype ~= "BYTES" then
    fail(("input %q takes %s, no strings: leave out its data method \"string\""):format(input.name,
      tostring(datatype)))
  end
  if datatype ~= "BYTES" and not ranges[datatype] and not reals[datatype] then
    fail(("input %q is of the datatype %s, which this program can't make"):format(input.name,
      tostring(datatype)))
  end
end

local methods = {
  random = random_values, urandom = random_values, string = repeated_strings,
}

-- Arrays by the paths of their files, read once.
local arrays = {}

local function array_in(path)
  if not arrays[path] then arrays[path] = npy.read(path) end
  return arrays[path]
end

-- A method of the rows of a file.
local function rows_of(path)
  return function(input, shape, _, skipped)
    return npy.rows(array_in(path), skipped, shape[1], input.datatype)
  end
end

-- A function that makes the values of an input, and the path of the file that has them, if one has.
local function method_of(input, settings)
  local data = settings.data
  local name = type(data) == "table" and (data[input.name] or data[""]) or data
  if type(name) == "table" or not name then name = "random" end
  local method = methods[name]
  if method then return method end
  if name:find(".", 1, true) then return rows_of(name), name end
  fail(("there is no data method %q%s; there are random, urandom, string and FILE.npy"):format(name,
    raw.suggest(name, { "random", "urandom", "string" })))
end

-- Names that were said and that the model has none of.
local function check_names(said, inputs, what)
  local names, known = {}, { [""] = true }
  for i, input in ipairs(inputs) do
    names[i], known[input.name] = input.name, true
  end
  for name in next, said do
    if not known[name] then
      fail(("%s are for %q, which is no input of the model%s; its inputs are %s"):format(what, name,
        raw.suggest(name, names), table.concat(names, ", ")))
    end
  end
end

local function inputs_of(metadata, settings)
  local inputs = {}
  for _, input in ipairs(settings.inputs or metadata.inputs) do
    if not sequences.has_input(settings, input.name) then inputs[#inputs + 1] = input end
  end
  if #inputs == 0 then
    fail(("the server says nothing of the inputs of model %q: say them: --input NAME:FP32:1,4, " ..
      "or inputs = { { name = \"NAME\", datatype = \"FP32\", shape = { 1, 4 } } } in a script")
      :format(tostring(metadata.name)))
  end
  check_names(settings.shapes, inputs, "sizes")
  if type(settings.data) == "table" then check_names(settings.data, inputs, "data") end
  return inputs
end

-- The inputs of the nth request as perigee.tensor takes them, without values.
function tensors.shapes(metadata, settings, nth)
  local batch = settings.batch_sizes
    and settings.batch_sizes[(nth - 1) % #settings.batch_sizes + 1] or nil
  local list = {}
  for i, input in ipairs(inputs_of(metadata, settings)) do
    local method, path = method_of(input, settings)
    check_datatype(input, method)
    list[i] = {
      name = input.name, datatype = input.datatype, shape = shape_of(input, settings, batch),
    }
    if path then npy.check(array_in(path), list[i], words) end
  end
  return list, batch or list[1].shape[1] or 1
end

-- The same with their values, and how many frames these are; nil where a file has fewer rows behind
-- those that are skipped.
function tensors.inputs(metadata, settings, nth, skipped)
  local list, frames = tensors.shapes(metadata, settings, nth or 1)
  for _, input in ipairs(list) do
    input.bytes = method_of(input, settings)(input, input.shape, settings, skipped or 0)
    if not input.bytes then return nil end
  end
  return list, frames
end

return tensors
