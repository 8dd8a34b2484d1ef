-- The functions of perigee.grpc. C++ knows clients, methods and streams by their addresses; what a
-- script holds are tables, and a call's end comes back in parts that become fields when they are
-- read.
local raw, guard = ...
local invoke, invoke_later, wait, decode, find_method =
  raw.invoke, raw.invoke_later, raw.await, raw.decode, raw.find_method
local send, receive, stream_state, parse_metadata =
  raw.send, raw.receive, raw.stream_state, raw.parse_metadata

local byte, char, error, floor, getmetatable, rawget, rawset, setmetatable, type =
  string.byte, string.char, error, math.floor, debug.getmetatable, rawget, rawset, setmetatable,
  type

local grpc = {
  HealthCheckUnknown = 0, HealthCheckServing = 1, HealthCheckNotServing = 2,
  HealthCheckServiceUnknown = 3,
}
local codes = {
  [0] = "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound",
  "AlreadyExists", "PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted",
  "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated",
}
for code = 0, #codes do grpc["Status" .. codes[code]] = code end

-- A response: these parts of it, until they are read.
local HEADERS, TRAILERS, MESSAGE, DETAILS, BYTES, TYPE = 1, 2, 3, 4, 5, 6
local OK = 0

local lazy = {}

function lazy.message(res)
  local bytes = rawget(res, BYTES)
  return bytes and decode(bytes, rawget(res, TYPE)) or nil
end

function lazy.headers(res)
  return parse_metadata(rawget(res, HEADERS))
end

function lazy.trailers(res)
  return parse_metadata(rawget(res, TRAILERS))
end

local function error_of(code, message, details)
  if code == OK then return nil end
  return { code = code, message = message, details = raw.parse_details(details) }
end

function lazy.error(res)
  return error_of(res.status, rawget(res, MESSAGE), rawget(res, DETAILS))
end

local response_meta = { __metatable = false }

-- What console.log shows.
response_meta["perigee.show"] = function(res)
  return {
    status = res.status, message = res.message, headers = res.headers, trailers = res.trailers,
    error = res.error,
  }
end

function response_meta.__index(res, key)
  local make = lazy[key]
  if not make then return nil end
  local value = make(res)
  rawset(res, key, value)
  return value
end

local function response(output, code, headers, trailers, message, details, bytes)
  return setmetatable({ headers, trailers, message, details, bytes, output, status = code },
    response_meta)
end

-- A message that was encoded before: [1] are its bytes, [2] is the method that it is for.
local encoded_meta = { __metatable = false }

-- What stands for a method: its address in C++, the type of its responses, who streams.
local METHOD, OUTPUT, CLIENT_STREAMS, SERVER_STREAMS = 1, 2, 3, 4

-- A client: its address in C++ and its methods by name.
local HANDLE, METHODS = 1, 2

local function method_of(client, name, level)
  local method = client[METHODS][name]
  if method then return method end
  if type(name) ~= "string" then
    error("the method must be a string like \"package.Service/Method\", got a " .. type(name),
      level + 1)
  end
  method = { find_method(client[HANDLE], name) }
  client[METHODS][name] = method
  return method
end

local kinds = { [false] = { [true] = "a server stream" },
  [true] = { [false] = "a client stream", [true] = "a bidirectional stream" } }

local function unary_method(client, name, called)
  local method = method_of(client, name, 3)
  if method[CLIENT_STREAMS] or method[SERVER_STREAMS] then
    error(called .. ": " .. name .. " is " .. kinds[method[CLIENT_STREAMS]][method[SERVER_STREAMS]]
      .. ": use client:stream", 3)
  end
  return method
end

-- The bytes of what was encoded before, else the table itself.
local function payload(message, method, called)
  if type(message) ~= "table" then
    if message == nil then return {} end
    error(called .. ": the message must be a table, or what grpc.encode returns, got a " ..
      type(message), 3)
  end
  if getmetatable(message) ~= encoded_meta then return message end
  if message[2] ~= method then
    error(called .. ": the message was encoded for another method", 3)
  end
  return message[1]
end

local methods = {}

function methods.load(client, import_paths, ...)
  raw.load(client[HANDLE], import_paths, ...)
end

function methods.load_protoset(client, path)
  raw.load_protoset(client[HANDLE], path)
end

function methods.connect(client, address, params)
  local failure = raw.connect(client[HANDLE], address, params)
  if failure then error("client:connect: " .. failure, 2) end
  rawset(client, "address", address)
end

function methods.close(client)
  raw.close(client[HANDLE])
  rawset(client, "address", nil)
end

function methods.invoke(client, name, message, params)
  local method = unary_method(client, name, "client:invoke")
  return response(method[OUTPUT], invoke(client[HANDLE], method[METHOD],
    payload(message, method, "client:invoke"), params))
end

local promise_methods = {}

function promise_methods.await(promise)
  if promise[1] == nil then wait(promise.pending) end
  if promise[1] == false then error("the call was cut off with its iteration", 2) end
  if not promise.response then
    promise.response = response(promise.output, promise[1], promise[2], promise[3], promise[4],
      promise[5], promise[6])
  end
  return promise.response
end

local promise_meta = { __index = promise_methods, __metatable = false }

-- What console.log shows.
promise_meta["perigee.show"] = function(promise)
  return promise.response or { status = "pending" }
end
guard.all("promise:", promise_methods, promise_meta)

function methods.async_invoke(client, name, message, params)
  local method = unary_method(client, name, "client:async_invoke")
  local promise = setmetatable({ output = method[OUTPUT] }, promise_meta)
  promise.pending = invoke_later(client[HANDLE], method[METHOD],
    payload(message, method, "client:async_invoke"), params, promise)
  return promise
end

function methods.encode(client, name, message)
  local method = method_of(client, name, 2)
  return setmetatable({ raw.encode(method[METHOD], message), method }, encoded_meta)
end

function methods.encode_json(client, name, text)
  local method = method_of(client, name, 2)
  return setmetatable({ raw.encode_json(method[METHOD], text), method }, encoded_meta)
end

function methods.to_json(client, name, message)
  return raw.to_json(method_of(client, name, 2)[METHOD], message)
end

function grpc.encode(client, name, message)
  return client:encode(name, message)
end

-- A field of bytes or text, as protobuf writes it.
local function text_field(number, text)
  local size, length = #text, ""
  repeat
    local low = size % 128
    size = floor(size / 128)
    length = length .. char(size > 0 and low + 128 or low)
  until size == 0
  return char(number * 8 + 2) .. length .. text
end

-- The status in the bytes of a HealthCheckResponse: its field 1, a small number.
local function serving_status(bytes)
  return #bytes >= 2 and byte(bytes, 1) == 8 and byte(bytes, 2) or 0
end

function methods.health_check(client, service)
  local request = service and service ~= "" and text_field(1, service) or ""
  local code, _, _, message, details, bytes =
    invoke(client[HANDLE], raw.health_check(client[HANDLE]), request)
  local status = bytes and serving_status(bytes) or grpc.HealthCheckUnknown
  return {
    status = status, message = bytes and { status = status } or nil,
    error = error_of(code, message, details),
  }
end

-- A stream: its address in C++ while it may bring something, its method, and how it ended.
local STREAM, STREAM_METHOD, END = 1, 2, 3
local stream_methods = {}

local function finish(s, output, ...)
  rawset(s, END, response(output, ...))
end

function stream_methods.send(s, message)
  local stream = rawget(s, STREAM)
  if not stream then return false end
  local method = s[STREAM_METHOD]
  return send(stream, method[METHOD], payload(message, method, "stream:send")) ~= false
end

local function received(s, bytes, time, ...)
  if bytes then return decode(bytes, s[STREAM_METHOD][OUTPUT]), time end
  if time == "timeout" then return nil, time end
  finish(s, nil, time, ...)
  return nil, "end"
end

function stream_methods.receive(s, limit)
  local stream = rawget(s, STREAM)
  if not stream then return nil, "end" end
  return received(s, receive(stream, limit))
end

function stream_methods.messages(s)
  return function() return s:receive() end
end

function stream_methods.close_send(s)
  local stream = rawget(s, STREAM)
  if stream then raw.close_send(stream) end
end

function stream_methods.close(s)
  local stream = rawget(s, STREAM)
  if not stream then return end
  raw.close_stream(stream)
  finish(s, nil, grpc.StatusCanceled, "", "", "the stream was closed by the script", "")
end

local function headers_and_end(s, headers, code, ...)
  if code then finish(s, nil, code, ...) end
  return headers
end

local of_the_end = { status = true, error = true, trailers = true }
local stream_meta = { __metatable = false }

function stream_meta.__index(s, key)
  local method = stream_methods[key]
  if method then return method end
  if key ~= "headers" and not of_the_end[key] then return nil end
  local ended, stream = rawget(s, END), rawget(s, STREAM)
  if not ended and stream then
    local headers = headers_and_end(s, stream_state(stream))
    ended = rawget(s, END)
    if not ended and key == "headers" and headers ~= "" then return parse_metadata(headers) end
  end
  if ended then return ended[key] end
end

-- What console.log shows.
stream_meta["perigee.show"] = function(s)
  local ended = rawget(s, END)
  return ended or { status = "open", headers = s.headers }
end
guard.all("grpc_stream:", stream_methods, stream_meta)

function methods.stream(client, name, params)
  local method = method_of(client, name, 2)
  if not method[CLIENT_STREAMS] and not method[SERVER_STREAMS] then
    error("client:stream: " .. name .. " is unary: use client:invoke", 2)
  end
  local s = setmetatable({ false, method, false }, stream_meta)
  raw.open_stream(s, client[HANDLE], method[METHOD], params)
  return s
end

local client_meta = { __index = methods, __metatable = false }
-- What console.log shows: where the client is connected to, if it is.
client_meta["perigee.show"] = function(client)
  return { grpc_client = client.address or "not connected" }
end
guard.all("grpc_client:", methods, client_meta)

function grpc.client(options)
  return setmetatable({ raw.new_client(options), {} }, client_meta)
end

guard.all("grpc.", grpc)
return grpc
