-- The input tensors of requests: JSON text for HTTP, since images have 150528 numbers per request,
-- tables for messages of gRPC, and with INFER_BINARY bytes for both.
local packed = require "perigee.tensor"

local M = {}

-- Values of a tensor: `text()` is their JSON, `list()` makes the list of them, `bytes(datatype)`
-- packs them.

function M.repeated(value, count)
  local json = type(value) == "string" and '"' .. value .. '"' or tostring(value)
  return {
    text = function() return (json .. ","):rep(count - 1) .. json end,
    bytes = function(datatype) return packed.fill(datatype, { count }, value) end,
    list = function()
      local list = {}
      for i = 1, count do list[i] = value end
      return list
    end,
  }
end

local function numbers(count)
  local list = {}
  for i = 1, count do list[i] = i - 1 end
  return list
end

-- 0, 1, 2, ...
function M.counting(count)
  return {
    text = function() return table.concat(numbers(count), ",") end,
    bytes = function(datatype) return packed.pack(datatype, numbers(count)) end,
    list = function() return numbers(count) end,
  }
end

-- The same numbers in rows of their own: JSON shows the shape, a message of gRPC does not.
function M.counting_rows(rows, width)
  local texts = {}
  for row = 1, rows do
    local first = (row - 1) * width
    local list = {}
    for i = 1, width do list[i] = first + i - 1 end
    texts[row] = "[" .. table.concat(list, ",") .. "]"
  end
  local values = M.counting(rows * width)
  values.text = function() return table.concat(texts, ",") end
  return values
end

-- A tensor; `grpc` has the name and the values that its message has instead, if it has others.
function M.tensor(name, datatype, shape, values, grpc)
  return { name = name, datatype = datatype, shape = shape, values = values, grpc = grpc or {} }
end

function M.json(tensor)
  local named = tensor.name and ('"name":"%s",'):format(tensor.name) or ""
  return ('{%s"shape":[%s],"datatype":"%s","data":[%s]}'):format(
    named, table.concat(tensor.shape, ","), tensor.datatype, tensor.values.text())
end

-- The tensor as perigee.tensor makes requests of it.
function M.binary(tensor)
  return {
    name = tensor.name or tensor.grpc.name, datatype = tensor.datatype, shape = tensor.shape,
    bytes = tensor.values.bytes(tensor.datatype),
  }
end

local contents_of = { INT32 = "int_contents", FP32 = "fp32_contents", BYTES = "bytes_contents" }

local function values_in_message(tensor)
  return tensor.grpc.values or tensor.values
end

-- The tensor in a message, with its values unless the message has them as bytes.
function M.message(tensor, has_bytes)
  local contents = not has_bytes and {
    [contents_of[tensor.datatype]] = values_in_message(tensor).list(),
  } or nil
  return {
    name = tensor.grpc.name or tensor.name, datatype = tensor.datatype, shape = tensor.shape,
    contents = contents,
  }
end

-- Its values as such a message has them.
function M.message_bytes(tensor)
  return values_in_message(tensor).bytes(tensor.datatype)
end

return M
