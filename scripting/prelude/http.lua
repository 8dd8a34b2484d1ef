-- The functions of perigee.http. What waits in C++ comes back with the parts of a response; they
-- are put together here, in the running VU, where the compiler sees them with what uses them.
local raw, build, guard = ...
local get, head, post, put, patch, del = raw.get, raw.head, raw.post, raw.put, raw.patch, raw.del
local options, request, start, wait, batch =
  raw.options, raw.request, raw.start, raw.await, raw.batch
local client_send, client_start, client_batch = raw.client_send, raw.client_start, raw.client_batch
local open_stream, wait_any = raw.stream, raw.await_any

local error, next, select, setmetatable, tostring, type =
  error, next, select, setmetatable, tostring, type
local format, gsub, random, sort, time =
  string.format, string.gsub, math.random, table.sort, os.time
local getmetatable = debug.getmetatable

local promise_methods = {}

-- [1] is the result: a response, or the message to be thrown.
function promise_methods.await(promise)
  if promise[1] == nil then wait(promise.pending) end
  local result = promise[1]
  if type(result) == "string" then error(result, 2) end
  return result
end

local promise_meta = { __index = promise_methods, __metatable = false }

-- What console.log shows.
promise_meta["perigee.show"] = function(promise)
  return { method = promise.method, url = promise.url, response = promise[1] }
end

guard.all("promise:", promise_methods, promise_meta)

local function new_promise(method, url, body, params)
  return setmetatable({ method = method, url = url, body = body, params = params }, promise_meta)
end

local function async_request(method, url, body, params)
  local promise = new_promise(method, url, body, params)
  promise.pending = start(promise, method, url, body, params)
  return promise
end

local function race_fault(promises)
  if #promises == 0 then return "promises must have at least one" end
  for i = 1, #promises do
    local promise = promises[i]
    if type(promise) ~= "table" or getmetatable(promise) ~= promise_meta then
      return "promises[" .. i .. "] is nothing that http.async_request returns"
    end
  end
end

-- The first in the list that has its result, and its place.
local function first_ended(promises)
  for i = 1, #promises do
    if promises[i][1] ~= nil then return promises[i], i end
  end
end

local function race(promises)
  local fault = race_fault(promises)
  if fault then error("http.race: " .. fault, 2) end
  local promise, place = first_ended(promises)
  while not promise do
    wait_any(promises)
    promise, place = first_ended(promises)
  end
  if type(promise[1]) == "string" then error(promise[1], 2) end
  return promise[1], place
end

-- The names of the requests, none of which is in the list part.
local function names_of(requests)
  local names = {}
  for name in next, requests do
    if type(name) == "string" then names[#names + 1] = name end
  end
  if #names > 0 and #requests > 0 then
    error("http.batch: the requests must be a list, or a table with names, not both", 4)
  end
  return names
end

-- A table has no order of its own: requests with names start in the order of their names.
local function run_named_batch(send, requests, names)
  local list, result = {}, {}
  sort(names)
  for i = 1, #names do list[i] = requests[names[i]] end
  local responses, message = send(list, names)
  if not responses then return false, message end
  for i = 1, #names do result[names[i]] = responses[i] end
  return result
end

-- `send` is what gives a list of requests to C++.
local function run_batch(send, requests)
  local names = names_of(requests)
  local responses, message
  if #names > 0 then
    responses, message = run_named_batch(send, requests, names)
  else
    responses, message = send(requests)
  end
  if not responses then error(message, 3) end
  return responses
end

-- "http://host/items/${}" and 7: requests to http://host/items/7 that share a name.
local function named_url(template, ...)
  local values, given, used = { ... }, select("#", ...), 0
  local text = gsub(template, "%$?{}", function()
    used = used + 1
    return tostring(values[used])
  end)
  if used ~= given then
    error("http.url: the template has " .. used .. " places for " .. given .. " values", 2)
  end
  return { url = text, name = template }
end

-- A file of a form. Without a name of its own it gets one of digits, as in k6.
local function file(data, filename, content_type)
  return {
    data = data,
    filename = filename or format("%d%06d", time(), random(0, 999999)),
    content_type = content_type or "application/octet-stream",
  }
end

-- Those of k6 who know http.post(url, body, params) write a body here, too.
local function refuse_more(name, ...)
  guard.refuse(name, ...)
  error(name .. " takes no body: its arguments are the URL and the parameters", 3)
end

-- Those of what http.client makes. Each gives its name along, for messages.
local client_methods = {}

function client_methods.get(client, url, params, more)
  if more ~= nil then refuse_more("client:get", client, url, params) end
  return build("GET", url, nil, params, client_send(client, "GET", url, nil, params, "client:get"))
end

function client_methods.head(client, url, params, more)
  if more ~= nil then refuse_more("client:head", client, url, params) end
  return build("HEAD", url, nil, params,
    client_send(client, "HEAD", url, nil, params, "client:head"))
end

for name, method in next, {
  post = "POST", put = "PUT", patch = "PATCH", del = "DELETE", options = "OPTIONS",
} do
  local called = "client:" .. name
  client_methods[name] = function(client, url, body, params)
    return build(method, url, body, params, client_send(client, method, url, body, params, called))
  end
end

function client_methods.request(client, method, url, body, params)
  return build(method, url, body, params,
    client_send(client, method, url, body, params, "client:request"))
end

function client_methods.async_request(client, method, url, body, params)
  local promise = new_promise(method, url, body, params)
  promise.pending = client_start(client, promise, method, url, body, params)
  return promise
end

function client_methods.stream(client, method, url, body, params)
  local stream = open_stream(method, url, body, params, client)
  return stream
end

function client_methods.async_stream(client, method, url, body, params)
  local promise = open_stream(method, url, body, params, client, true)
  return promise
end

function client_methods.batch(client, requests)
  local responses = run_batch(function(list, names)
    return client_batch(client, list, names)
  end, requests)
  return responses
end

setmetatable(client_methods, { __index = function(_, name)
  error("a client has no function \"" .. tostring(name) .. "\"; there are get, head, post, put, " ..
    "patch, del, options, request, async_request, stream, async_stream and batch", 2)
end })

local functions = {
  get = function(url, params, more)
    if more ~= nil then refuse_more("http.get", url, params) end
    return build("GET", url, nil, params, get(url, params))
  end,
  head = function(url, params, more)
    if more ~= nil then refuse_more("http.head", url, params) end
    return build("HEAD", url, nil, params, head(url, params))
  end,
  post = function(url, body, params)
    return build("POST", url, body, params, post(url, body, params))
  end,
  put = function(url, body, params)
    return build("PUT", url, body, params, put(url, body, params))
  end,
  patch = function(url, body, params)
    return build("PATCH", url, body, params, patch(url, body, params))
  end,
  del = function(url, body, params)
    return build("DELETE", url, body, params, del(url, body, params))
  end,
  options = function(url, body, params)
    return build("OPTIONS", url, body, params, options(url, body, params))
  end,
  request = function(method, url, body, params)
    return build(method, url, body, params, request(method, url, body, params))
  end,
  async_request = async_request,
  stream = function(method, url, body, params)
    local stream = open_stream(method, url, body, params)
    return stream
  end,
  async_stream = function(method, url, body, params)
    local promise = open_stream(method, url, body, params, nil, true)
    return promise
  end,
  race = race,
  batch = function(requests)
    local responses = run_batch(batch, requests)
    return responses
  end,
  client = raw.open_clients(client_methods),
  file = file,
  body_file = raw.body_file,
  body_from = raw.body_from,
  url = named_url,
  cookie_jar = raw.cookie_jar,
  new_cookie_jar = raw.new_cookie_jar,
  expected_statuses = raw.expected_statuses,
  set_response_callback = raw.set_response_callback,
  TLS_1_0 = "tls1.0",
  TLS_1_1 = "tls1.1",
  TLS_1_2 = "tls1.2",
  TLS_1_3 = "tls1.3",
}

local function refused(_, key)
  if type(key) ~= "string" then return nil end
  if key:find("^OCSP_") then
    return "http." .. key .. " is not available: authorities are not asked about certificates"
  end
end

return setmetatable(functions, { __index = refused })
