-- Builds the table of globals that all scripts share. Gets the mark that awaiting calls yield, a
-- function that writes a number in full, and json.null.
local await_mark, number_text, null = ...

local error, getmetatable, rawget, rawset, setmetatable, type =
  error, getmetatable, rawget, rawset, setmetatable, type
local yield, raw_resume, raw_create = coroutine.yield, coroutine.resume, coroutine.create

-- Libraries add what a later version of Lua has in a table: `later` has these functions, and it is
-- they that are there from then on, because all VUs see the table.
local function read_only(library, name, later)
  local function refuse(_, key)
    if later and later[key] then
      library[key] = later[key]
      return
    end
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

local function pack(...)
  return { n = select("#", ...), ... }
end

local real_collectgarbage = collectgarbage
local function collectgarbage(option)
  if option ~= "count" then
    error("collectgarbage: scripts may only ask for \"count\"", 2)
  end
  return real_collectgarbage("count")
end

-- Lua's own leaves 14 digits of a number and prints json.null as an address. The preludes that
-- come after this one write numbers in full as well.
local raw_tostring = tostring
local function tostring(value)
  if type(value) == "number" then
    local is_short = value % 1 == 0 and value > -1e14 and value < 1e14
    return is_short and raw_tostring(value + 0) or number_text(value)
  end
  if value == null then return "null" end
  local text = raw_tostring(value)
  return text
end
_G.tostring = tostring

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
  table = read_only(table, "table", { pack = pack, unpack = unpack }),
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
