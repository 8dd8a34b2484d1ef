-- The input tensors of requests: JSON text for HTTP, since images have 150528 numbers per request,
-- and tables for messages of gRPC.
local M = {}

-- Values of a tensor: `text` is their JSON, `list()` makes the list of them.

function M.repeated(value, count)
  local json = type(value) == "string" and '"' .. value .. '"' or tostring(value)
  return {
    text = (json .. ","):rep(count - 1) .. json,
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
    text = table.concat(numbers(count), ","), list = function() return numbers(count) end,
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
  return {
    text = table.concat(texts, ","), list = function() return numbers(rows * width) end,
  }
end

-- A tensor; `grpc` has the name and the values that its message has instead, if it has others.
function M.tensor(name, datatype, shape, values, grpc)
  return { name = name, datatype = datatype, shape = shape, values = values, grpc = grpc or {} }
end

function M.json(tensor)
  local named = tensor.name and ('"name":"%s",'):format(tensor.name) or ""
  return ('{%s"shape":[%s],"datatype":"%s","data":[%s]}'):format(
    named, table.concat(tensor.shape, ","), tensor.datatype, tensor.values.text)
end

local contents_of = { INT32 = "int_contents", FP32 = "fp32_contents", BYTES = "bytes_contents" }

function M.message(tensor)
  local values = tensor.grpc.values or tensor.values
  return {
    name = tensor.grpc.name or tensor.name, datatype = tensor.datatype, shape = tensor.shape,
    contents = { [contents_of[tensor.datatype]] = values.list() },
  }
end

return M
