-- http.stream: a table that stands for an answer on its way. [1] is its response as far as it is
-- known, [2] what C++ knows it by while there may be something to read, [3] why it was cut off;
-- then come method, URL, body and parameters of the request.
local open, await_head, next_item, close, longest_text, guard = ...

local concat, error, rawget, setmetatable = table.concat, error, rawget, setmetatable

local EVENT, LINE, CHUNK = 1, 2, 3

local methods = {}

local function next_of(s, item)
  local stream = rawget(s, 2)
  if stream then return next_item(stream, item) end
  return nil, rawget(s, 3) or nil
end

function methods.events(s)
  return function()
    local data, time, event, id, retry = next_of(s, EVENT)
    if data then
      return { event = event, data = data, id = id, retry = retry, time = time }, time
    end
    if time then error(time, 2) end
  end
end

local function reader_of(item)
  return function(s)
    return function()
      local text, time = next_of(s, item)
      if text then return text, time end
      if time then error(time, 2) end
    end
  end
end

methods.lines = reader_of(LINE)
methods.chunks = reader_of(CHUNK)

local too_much = "s:text() keeps %d bytes at most: read what is longer with s:chunks()"

function methods.text(s)
  local chunks, size = {}, 0
  while true do
    local chunk, message = next_of(s, CHUNK)
    if not chunk then
      if message then error(message, 2) end
      return concat(chunks)
    end
    chunks[#chunks + 1], size = chunk, size + #chunk
    if size > longest_text then
      s:close()
      error(too_much:format(longest_text), 2)
    end
  end
end

function methods.close(s)
  local stream = rawget(s, 2)
  if stream then close(stream) end
end

local refused = "an answer that is streamed has no %s: read it with s:events(), s:lines(), " ..
  "s:chunks() or s:text()"

local meta = { __metatable = false }

-- What console.log shows: what is there of the response.
meta["perigee.show"] = function(s)
  return rawget(s, 1) or {}
end

function meta.__index(s, key)
  local method = methods[key]
  if method then return method end
  if key == "body" or key == "json" then error(refused:format(key), 2) end
  return rawget(s, 1)[key]
end

guard.all("stream:", methods, meta)

local promise_methods = {}

-- [1] is the stream.
function promise_methods.await(promise)
  local s = promise[1]
  local handle, _, message = rawget(s, 2), nil, nil
  if handle then
    _, message = await_head(handle)
  elseif not rawget(s, 1) then
    message = rawget(s, 3)
  end
  if message then error(message, 2) end
  return s
end

local promise_meta = { __index = promise_methods, __metatable = false }
guard.all("promise:", promise_methods, promise_meta)

-- The client is null for the VU's own. `promised`: does not wait for the head, but returns a
-- promise.
return function(method, url, body, params, client, promised)
  local s = setmetatable({ false, false, false, method, url, body, params }, meta)
  open(s, method, url, body, params, client)
  if promised then return setmetatable({ s }, promise_meta) end
  local handle = rawget(s, 2)
  if handle then
    local _, message = await_head(handle)
    if message then error(message, 3) end
  end
  return s
end
