-- Builds the table of globals that all scripts share. Gets the mark that awaiting calls yield.
local await_mark = ...

local error, getmetatable, rawget, rawset, setmetatable, type =
  error, getmetatable, rawget, rawset, setmetatable, type
local yield, raw_resume, raw_create = coroutine.yield, coroutine.resume, coroutine.create

local function read_only(library, name)
  local function refuse()
    error("the table " .. name .. " is read-only", 2)
  end
  return setmetatable({}, { __index = library, __newindex = refuse, __metatable = false })
end

-- A call that waits (http.get, sleep) inside a coroutine of the script's own must suspend the VU,
-- not just that coroutine: its mark is passed up, and what it waited for is passed back down.
local pass
function pass(co, ok, first, ...)
  if ok and first == await_mark then
    return pass(co, raw_resume(co, yield(first, ...)))
  end
  return ok, first, ...
end

local function resume(co, ...)
  return pass(co, raw_resume(co, ...))
end

local function unwrap(ok, ...)
  if ok then return ... end
  error((...), 0)
end

local function wrap(f)
  local co = raw_create(f)
  return function(...)
    return unwrap(resume(co, ...))
  end
end

local real_collectgarbage = collectgarbage
local function collectgarbage(option)
  if option ~= "count" then
    error("collectgarbage: scripts may only ask for \"count\"", 2)
  end
  return real_collectgarbage("count")
end

-- The C library has a sign for what is no number, and spells it as it likes.
local raw_tostring = tostring
local function tostring(value)
  if value ~= value then return "NaN" end
  local text = raw_tostring(value)
  return text
end

-- A metatable of all strings would let one VU change what the others see.
local function guarded_getmetatable(value)
  if type(value) == "string" then return false end
  return getmetatable(value)
end

-- What all VUs share is read-only, also for rawset; a VU's globals are its own.
local function guarded_rawset(t, key, value)
  if getmetatable(t) == false and rawget(t, "_G") ~= t then
    error("rawset: this table is read-only", 2)
  end
  return rawset(t, key, value)
end

local shared = {
  _VERSION = _VERSION,
  assert = assert, error = error, ipairs = ipairs, next = next, pairs = pairs, pcall = pcall,
  rawequal = rawequal, rawget = rawget, rawset = guarded_rawset, select = select,
  setmetatable = setmetatable, tonumber = tonumber, tostring = tostring, type = type,
  unpack = unpack, xpcall = xpcall, loadstring = loadstring, load = load,
  getmetatable = guarded_getmetatable,
  collectgarbage = collectgarbage,
  string = read_only(string, "string"),
  table = read_only(table, "table"),
  math = read_only(math, "math"),
  bit = read_only(bit, "bit"),
  os = read_only({
    clock = os.clock, date = os.date, difftime = os.difftime, time = os.time, getenv = os.getenv,
  }, "os"),
  debug = read_only({ traceback = debug.traceback }, "debug"),
  coroutine = read_only({
    create = raw_create, isyieldable = coroutine.isyieldable, resume = resume,
    running = coroutine.running, status = coroutine.status, wrap = wrap, yield = yield,
  }, "coroutine"),
}
string.dump = nil

return shared
