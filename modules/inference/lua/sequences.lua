-- Sequences of a stateful model, as OpenVINO Model Server has them: two more inputs say which
-- sequence a request is of, and whether it begins or ends it.
local raw = ...
local tensor = raw.tensor
local ceil, floor = math.ceil, math.floor

local sequences = {}

local ID, CONTROL = "sequence_id", "sequence_control_input"
local GO_ON, BEGIN, END = 0, 1, 2

-- Whether the input is one that the requests of a sequence get from here.
function sequences.has_input(settings, name)
  return settings.stateful_length > 0 and (name == ID or name == CONTROL)
end

-- As many requests as whole sequences have.
function sequences.whole(settings, length)
  local size = settings.stateful_length
  return size > 0 and ceil(length / size) * size or length
end

-- Leaves the requests of whole sequences in the list.
function sequences.cut(settings, list)
  local size = settings.stateful_length
  if size == 0 then return end
  for i = #list, floor(#list / size) * size + 1, -1 do list[i] = nil end
end

local function control_of(position, size)
  if position == 0 then return BEGIN end
  return position == size - 1 and END or GO_ON
end

-- OpenVINO Model Server wants these values listed in a TensorProto, not as bytes.
local function one(name, datatype, value)
  return {
    name = name, datatype = datatype, shape = { 1 }, value = value,
    bytes = tensor.pack(datatype, { value }, { 1 }),
  }
end

-- The inputs of a client's nth request: those that all clients share, and its place in a sequence.
function sequences.inputs(settings, inputs, client, nth)
  local size = settings.stateful_length
  if size == 0 then return inputs end
  local before = floor((nth - 1) / size)
  local id = settings.stateful_id + client - 1 + settings.stateful_hop * before
  local list = {}
  for i = 1, #inputs do list[i] = inputs[i] end
  list[#list + 1] = one(ID, "UINT64", id)
  list[#list + 1] = one(CONTROL, "UINT32", control_of((nth - 1) % size, size))
  return list
end

return sequences
