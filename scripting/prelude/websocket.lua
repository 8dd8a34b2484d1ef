-- The functions of perigee.websocket. C++ knows a connection by its number; what a script holds is
-- a table, and its handlers run in the VU like all of its code: they may send, sleep and request.
local raw, guard = ...
local connect_raw, send, close, poll, next_event, wait_any =
  raw.connect, raw.send, raw.close, raw.poll, raw.next_event, raw.wait_any
local state, buffered, now, current_vu, parse_headers =
  raw.state, raw.buffered, raw.now, raw.vu, raw.parse_headers

local error, rawget, rawset, setmetatable, tostring, type =
  error, rawget, rawset, setmetatable, tostring, type
local remove = table.remove

local TEXT, BINARY, PING = 1, 2, 9
local NUMBER, TIMERS, PINGS, FIELDS = 1, 2, 3, 4
-- Events of one connection before the others have their turn.
local TURN = 64

local methods = {}

-- The connections of a VU's iteration that may still tell something, the oldest first.
local lists = {}

local function own_list()
  local vu, iteration = current_vu()
  local list = lists[vu]
  if not list or list.iteration ~= iteration then
    list = { iteration = iteration }
    lists[vu] = list
  end
  return list
end

local function forget(ws)
  local list = own_list()
  for i = 1, #list do
    if list[i] == ws then
      remove(list, i)
      return
    end
  end
end

local function call(ws, name, argument)
  local handler = rawget(ws, name)
  if handler then handler(argument) end
end

-- Hands an event to its handler; a message is returned instead where the script waits for one.
local function dispatch(ws, wanted, kind, data, time, code, message)
  if kind == "text" or kind == "binary" then
    local received = { data = data, binary = kind == "binary", time = time }
    if wanted then return received end
    call(ws, "on_message", received)
  elseif kind == "close" then
    forget(ws)
    local ending = { code = code, reason = data, error = message, time = time }
    rawset(ws, "closed", ending)
    if message ~= "" then
      rawset(ws, "error", message)
      call(ws, "on_error", ending)
    end
    call(ws, "on_close", ending)
  else
    call(ws, "on_" .. kind, { data = data, time = time })
  end
end

function methods.send(ws, text)
  return send(ws[NUMBER], TEXT, text)
end

function methods.send_binary(ws, bytes)
  return send(ws[NUMBER], BINARY, bytes)
end

function methods.ping(ws, data)
  if data == nil then
    local count = (rawget(ws, PINGS) or 0) + 1
    rawset(ws, PINGS, count)
    data = tostring(count)
  end
  return send(ws[NUMBER], PING, data)
end

function methods.close(ws, code, reason)
  close(ws[NUMBER], code, reason)
end

function methods.receive(ws, limit)
  local number, waited, last = ws[NUMBER], limit, nil
  if type(limit) == "number" then last = now() + limit end
  while true do
    local kind, data, time, code, message = next_event(number, waited)
    if kind == "timeout" then return nil, "timeout" end
    if not kind then return nil, "closed" end
    local received = dispatch(ws, true, kind, data, time, code, message)
    if received then return received end
    if last then waited = last - now() end
    if last and waited < 0 then return nil, "timeout" end
  end
end

function methods.messages(ws, limit)
  return function() return (ws:receive(limit)) end
end

function methods.state(ws)
  return state(ws[NUMBER])
end

function methods.buffered_amount(ws)
  return buffered(ws[NUMBER])
end

local function add_timer(ws, name, handler, ms, every)
  if ms ~= ms or ms < 0 or (every and ms == 0) then
    error("ws:" .. name .. ": ms must be a number of milliseconds" ..
      (every and " above 0" or ""), 3)
  end
  local timers = rawget(ws, TIMERS)
  if not timers then
    timers = {}
    rawset(ws, TIMERS, timers)
  end
  local timer = { due = now() + ms, every = every and ms, handler = handler }
  timers[#timers + 1] = timer
  return timer
end

function methods.set_interval(ws, handler, ms)
  local timer = add_timer(ws, "set_interval", handler, ms, true)
  return timer
end

function methods.set_timeout(ws, handler, ms)
  local timer = add_timer(ws, "set_timeout", handler, ms, false)
  return timer
end

-- One that has fired or was cleared before is none any more, as in JavaScript.
function methods.clear_timer(ws, timer)
  local timers = rawget(ws, TIMERS) or {}
  for i = 1, #timers do
    if timers[i] == timer then
      remove(timers, i)
      return
    end
  end
end

-- Calls the timers of a connection that are due; returns when the next one is.
local function fire_timers(ws)
  local timers, soonest = rawget(ws, TIMERS), nil
  for i = timers and #timers or 0, 1, -1 do
    if state(ws[NUMBER]) ~= "open" then return nil end
    local timer = timers[i]
    if timer.due <= now() then
      if timer.every then
        timer.due = timer.due + timer.every
      else
        remove(timers, i)
      end
      timer.handler()
    end
    if timers[i] == timer and (not soonest or timer.due < soonest) then soonest = timer.due end
  end
  return soonest
end

-- Hands over what has come in; returns whether there was anything.
local function take_turn(ws)
  for i = 1, TURN do
    local kind, data, time, code, message = poll(ws[NUMBER])
    if not kind then return i > 1 end
    dispatch(ws, false, kind, data, time, code, message)
  end
  return true
end

local function run_until(last)
  local list = own_list()
  while #list > 0 do
    local busy, soonest = false, nil
    -- Handlers may add to the list and take from it.
    for i = #list, 1, -1 do
      local ws = list[i]
      if ws and take_turn(ws) then busy = true end
      local due = ws and fire_timers(ws)
      if due and (not soonest or due < soonest) then soonest = due end
    end
    if last and now() >= last then return end
    if last and (not soonest or last < soonest) then soonest = last end
    if not busy and #list > 0 then
      local left = soonest and soonest - now()
      if not left or left > 0 then wait_any(left) end
    end
  end
end

raw.set_rest(function() run_until(nil) end)

local settable = {
  on_message = true, on_ping = true, on_pong = true, on_error = true, on_close = true,
}

local known = "url, status, error, subprotocol, compressed, headers, connecting, remote_ip, " ..
  "closed, send(), send_binary(), ping(), receive(), messages(), close(), state(), " ..
  "buffered_amount(), set_interval(), set_timeout(), clear_timer(), and the handlers " ..
  "on_message, on_ping, on_pong, on_error and on_close"

local meta = { __metatable = false }

-- What console.log shows.
meta["perigee.show"] = function(ws)
  return {
    url = ws.url, status = ws.status, state = ws:state(), subprotocol = ws.subprotocol,
    headers = ws.headers, error = ws.error ~= "" and ws.error or nil, closed = ws.closed,
  }
end

function meta.__index(ws, key)
  local method = methods[key]
  if method then return method end
  if key == "headers" then
    local headers = parse_headers(rawget(ws, FIELDS))
    rawset(ws, "headers", headers)
    return headers
  end
  if settable[key] or key == "closed" or type(key) == "number" then return nil end
  error("a WebSocket has no field \"" .. tostring(key) .. "\"; there are " .. known, 2)
end

function meta.__newindex(ws, key, value)
  if key == "on_open" then
    error("ws.on_open is not needed: the WebSocket is open when websocket.connect returns", 2)
  end
  if not settable[key] then
    error("ws." .. tostring(key) .. " can't be set; handlers are on_message, on_ping, on_pong, " ..
      "on_error and on_close", 2)
  end
  if value ~= nil and type(value) ~= "function" then
    error("ws." .. key .. " must be a function, got a " .. type(value), 2)
  end
  rawset(ws, key, value)
end

guard.all("ws:", methods, meta)

-- Without a tail call: the compiler takes no function that ends in one of a library's.
local function make(url, number, status, message, subprotocol, fields, compressed, connecting, ip)
  local ws = {
    number, nil, nil, fields, url = url, status = status, error = message,
    subprotocol = subprotocol, compressed = compressed, connecting = connecting, remote_ip = ip,
  }
  setmetatable(ws, meta)
  if message == "" then
    local list = own_list()
    list[#list + 1] = ws
  end
  return ws
end

local functions = {
  connect = function(url, params)
    return make(url, connect_raw(url, params))
  end,
  run = function(limit)
    if limit and (limit ~= limit or limit < 0) then
      error("websocket.run: limit must be a number of milliseconds from 0", 2)
    end
    run_until(limit and now() + limit)
  end,
}

local elsewhere = {
  WebSocket = "websocket.WebSocket: write websocket.connect(url, { subprotocols = ... })",
}

return setmetatable(functions, { __index = function(_, key) return elsewhere[key] end })
