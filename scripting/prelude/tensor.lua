-- perigee.tensor: requests of the Open Inference Protocol, and what their responses hold. `raw`
-- makes and reads bytes; what it reads of a response is a value, or nil and what is wrong.
local raw = ...

local concat = table.concat
local ipairs, next, pcall, setmetatable, tonumber, tostring, type =
  ipairs, next, pcall, setmetatable, tonumber, tostring, type
local encode, refuse = raw.encode, raw.refuse

local LENGTH = "Inference-Header-Content-Length"

local tensor = { pack = raw.pack, unpack = raw.unpack, fill = raw.fill, random = raw.random }

-- Requests ---------------------------------------------------------------------------------------

local request_keys = "id parameters inputs outputs binary"
local input_keys = "name datatype shape data bytes binary parameters"
local output_keys = "name binary parameters"

local function check_keys(value, known, place)
  if type(value) ~= "table" then refuse(place .. " must be a table, got a " .. type(value)) end
  for key in next, value do
    if not (" " .. known .. " "):find(" " .. tostring(key) .. " ", 1, true) then
      refuse(("%s has no %s%s; there are %s"):format(place, tostring(key),
        raw.suggest(tostring(key), known), (known:gsub(" ", ", "))))
    end
  end
end

local function check_type(value, wanted, place)
  if value ~= nil and type(value) ~= wanted then
    refuse(("%s must be a %s, got a %s"):format(place, wanted, type(value)))
  end
end

-- `ipairs` would pass over what stands behind a hole or under a name.
local function check_list(list, place, example)
  check_type(list, "table", place)
  local size = 0
  for _ in next, list do size = size + 1 end
  for i = 1, size do
    if list[i] == nil then
      refuse(("%s must be a list without holes and names, like %s"):format(place, example))
    end
  end
end

local function copy(parameters)
  local result = {}
  for key, value in next, parameters or {} do result[key] = value end
  return result
end

-- A member of a JSON object, with the comma before it; nothing for nil.
local function member(name, json)
  return json and ',"' .. name .. '":' .. json or ""
end

local function object(members)
  return "{" .. concat(members):sub(2) .. "}"
end

local function parameters_json(parameters)
  return next(parameters) ~= nil and encode(parameters) or nil
end

local function bytes_of(input, place)
  if (input.bytes == nil) == (input.data == nil) then
    refuse(place .. (input.bytes == nil and " has neither data nor bytes; give one"
      or " has both data and bytes; give one"))
  end
  if input.data ~= nil then
    return raw.pack_as(input.datatype, input.data, input.shape, place .. ".data")
  end
  check_type(input.bytes, "string", place .. ".bytes")
  raw.check(input.datatype, input.bytes, input.shape, place .. ".bytes")
  return input.bytes
end

local function is_binary(input, request)
  if input.binary ~= nil then return input.binary end
  if request.binary ~= nil then return request.binary end
  return input.bytes ~= nil
end

local function check_input(input, place)
  check_keys(input, input_keys, place)
  check_type(input.name, "string", place .. ".name")
  if input.datatype == nil then refuse(place .. " has no datatype, like \"FP32\"") end
  check_type(input.datatype, "string", place .. ".datatype")
  if input.shape == nil then refuse(place .. " has no shape, like { 1, 4 }") end
  check_type(input.binary, "boolean", place .. ".binary")
  check_type(input.parameters, "table", place .. ".parameters")
end

-- The JSON of an input, and its bytes if these go behind it.
local function input_json(input, request, place)
  check_input(input, place)
  local bytes = bytes_of(input, place)
  local binary = is_binary(input, request)
  local parameters = copy(input.parameters)
  if binary then parameters.binary_data_size = #bytes end
  local shape = {}
  for i, size in ipairs(input.shape) do shape[i] = ("%.0f"):format(size) end
  return object {
    member("name", input.name and encode(input.name)),
    member("shape", "[" .. concat(shape, ",") .. "]"),
    member("datatype", encode(input.datatype)),
    member("parameters", parameters_json(parameters)),
    member("data", not binary and raw.values_json(input.datatype, bytes, place .. ".data") or nil),
  }, binary and bytes or nil
end

local function output_json(output, request, place)
  if type(output) == "string" then output = { name = output } end
  check_keys(output, output_keys, place)
  if type(output.name) ~= "string" then refuse(place .. " has no name") end
  check_type(output.binary, "boolean", place .. ".binary")
  check_type(output.parameters, "table", place .. ".parameters")
  local parameters = copy(output.parameters)
  local binary = output.binary
  if binary == nil then binary = request.binary end
  if binary ~= nil then parameters.binary_data = binary end
  return object {
    member("name", encode(output.name)), member("parameters", parameters_json(parameters)),
  }
end

local function outputs_json(request)
  if request.outputs == nil then return nil end
  local list = {}
  for i, output in ipairs(request.outputs) do
    list[i] = output_json(output, request, "outputs[" .. i .. "]")
  end
  return "[" .. concat(list, ",") .. "]"
end

local function check_request(request)
  check_keys(request, request_keys, "request")
  check_type(request.id, "string", "id")
  check_type(request.binary, "boolean", "binary")
  check_type(request.parameters, "table", "parameters")
  if request.outputs ~= nil then check_list(request.outputs, "outputs", '{ "y" }') end
  if type(request.inputs) ~= "table" or #request.inputs == 0 then
    refuse("inputs must be a list of tables like { name = \"x\", datatype = \"FP32\", " ..
      "shape = { 1, 4 }, data = { 1, 2, 3, 4 } }")
  end
  check_list(request.inputs, "inputs", "{ input1, input2 }")
end

function tensor.infer_request(request)
  check_request(request)
  local inputs, parts, is_json = {}, {}, true
  for i, input in ipairs(request.inputs) do
    local json, bytes = input_json(input, request, "inputs[" .. i .. "]")
    inputs[i], parts[i] = json, bytes or ""
    is_json = is_json and bytes == nil
  end
  local parameters = copy(request.parameters)
  if request.binary and request.outputs == nil then parameters.binary_data_output = true end
  local json = object {
    member("id", request.id and encode(request.id)),
    member("parameters", parameters_json(parameters)),
    member("inputs", "[" .. concat(inputs, ",") .. "]"),
    member("outputs", outputs_json(request)),
  }
  if is_json then return json, { ["Content-Type"] = "application/json" } end
  return json .. concat(parts), {
    ["Content-Type"] = "application/octet-stream", [LENGTH] = tostring(#json),
  }
end

-- Responses --------------------------------------------------------------------------------------

local contents_of = {
  BOOL = "bool_contents", INT8 = "int_contents", INT16 = "int_contents", INT32 = "int_contents",
  INT64 = "int64_contents", UINT8 = "uint_contents", UINT16 = "uint_contents",
  UINT32 = "uint_contents", UINT64 = "uint64_contents", FP32 = "fp32_contents",
  FP64 = "fp64_contents", BYTES = "bytes_contents",
}

-- Outputs are found by their place and by their name.
local function named(outputs)
  local by_name = {}
  for _, output in ipairs(outputs) do
    if type(output.name) == "string" then by_name[output.name] = output end
  end
  return setmetatable(outputs, { __index = by_name })
end

local function label(output, i)
  return type(output.name) == "string" and 'output "' .. output.name .. '"' or "output " .. i
end

-- `values_of(output, i)` returns the bytes or values of an output, or nil and what is wrong.
local function read_outputs(message, values_of)
  if type(message.outputs) ~= "table" then
    local text = type(message.error) == "string" and "; its error is: " .. message.error or ""
    return nil, "the response has no outputs" .. text
  end
  local outputs = {}
  for i, output in ipairs(message.outputs) do
    if type(output) ~= "table" or type(output.datatype) ~= "string"
      or type(output.shape) ~= "table" then
      return nil, "output " .. i .. " has no datatype and shape"
    end
    local data, problem = values_of(output, i)
    if data ~= nil then data, problem = raw.read(output.datatype, output.shape, data) end
    if data == nil then return nil, label(output, i) .. ": " .. problem end
    outputs[i] = {
      name = output.name, datatype = output.datatype, shape = output.shape, data = data,
      parameters = output.parameters,
    }
  end
  return {
    model_name = message.model_name, model_version = message.model_version, id = message.id,
    parameters = message.parameters, outputs = named(outputs),
  }
end

local function read_message(message)
  if message.error_message and message.error_message ~= "" then
    return nil, message.error_message
  end
  message = message.infer_response or message
  local contents = message.raw_output_contents or {}
  return read_outputs(message, function(output, i)
    if contents[i] then return contents[i] end
    if #contents > 0 then return nil, "it has no raw_output_contents" end
    local list = contents_of[output.datatype]
    return output.contents and list and output.contents[list] or {}
  end)
end

-- JSON, and the bytes behind it.
local function split(body, length)
  if length == nil or length == "" then return body, "" end
  local size = length:match("^%d+$") and tonumber(length)
  if not size or size > #body then
    return nil, ("%s is %s, but the body has %d bytes"):format(LENGTH, length, #body)
  end
  return body:sub(1, size), body:sub(size + 1)
end

local function read_body(body, length)
  local json, bytes = split(body, length)
  if not json then return nil, bytes end
  local message, problem = raw.decode(json)
  if message == nil and problem then return nil, problem end
  if type(message) ~= "table" then return nil, "the response is no JSON object" end
  local at = 1
  local response, reason = read_outputs(message, function(output)
    local size = type(output.parameters) == "table" and output.parameters.binary_data_size
    if not size then
      if type(output.data) ~= "table" then return nil, "it has no data" end
      return output.data
    end
    if type(size) ~= "number" then
      return nil, "binary_data_size must be a number, got a " .. type(size)
    end
    if size < 0 or size % 1 ~= 0 or size > #bytes - at + 1 then
      return nil, ("binary_data_size is %s, but %d bytes are left of the body"):format(
        tostring(size), #bytes - at + 1)
    end
    at = at + size
    return bytes:sub(at - size, at - 1)
  end)
  if response and at <= #bytes then
    return nil, ("the body has %d bytes more than its outputs take"):format(#bytes - at + 1)
  end
  return response, reason
end

local function error_text(body)
  local message = body and raw.decode(body)
  local text = type(message) == "table" and (message.error or message.detail)
  return type(text) == "string" and text or body and body:sub(1, 200) or ""
end

local function read_http(res)
  local status = res.status
  if status == 0 then return nil, res.error end
  if status < 200 or status > 299 then
    return nil, ("status %d: %s"):format(status, error_text(res.body))
  end
  if res.body == nil then return nil, "the response has no body (responseType \"none\")" end
  return read_body(res.body, res.headers[LENGTH])
end

local function field(res, name)
  local ok, value = pcall(function() return res[name] end)
  return ok and value or nil
end

-- A call of gRPC, what it or a stream received, or a response of HTTP.
function tensor.infer_response(res)
  if field(res, "proto") then return read_http(res) end
  if res.outputs or res.infer_response or res.error_message then return read_message(res) end
  if res.message then return read_message(res.message) end
  if type(res.status) ~= "number" then
    refuse("res must be a response of http or grpc, got another table")
  end
  return nil, ("status %d: %s"):format(res.status, res.error and res.error.message or "no message")
end

return tensor
