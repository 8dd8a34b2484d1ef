-- What happens where a script reads a global that there is not, or makes one by mistake: it is
-- asked for nowhere else, so names that there are cost nothing.
local globals, known, code, stand_ins, did_you_mean, raise, text_of, module_named, script_path = ...
local foreign, missing, needless, probed =
  known.foreign, known.missing, known.needless, known.probed

local next, rawequal, rawget, rawset, type = next, rawequal, rawget, rawset, type
local getinfo, getlocal, getfenv = debug.getinfo, debug.getlocal, debug.getfenv
local find, format, gmatch, sub = string.find, string.format, string.gmatch, string.sub

-- Globals that the main part of some file sets, be it for some VUs only.
local declared = {}

local function declare(chunk)
  for _, name in next, code.globals_set(chunk) do declared[name] = true end
end

-- The locals of a file by their names, wherever they are.
local function locals_in(path)
  local names = {}
  local text = text_of(path)
  for _, pattern in next, { "local%s+([%a_][%w_, ]*)", "function[%s%w_.:]*(%b())",
    "for%s+([%a_][%w_, ]*)%s+in" } do
    for list in gmatch(text, pattern) do
      for name in gmatch(list, "[%a_][%w_]*") do names[name] = true end
    end
  end
  for name in gmatch(text, "local%s+function%s+([%a_][%w_]*)") do names[name] = true end
  return names
end

-- What is wrong with a name that is read in a file.
local function complaint(name, source, env)
  if needless[name] then
    return format("there is no \"%s\" here, nor a need for it: %s", name, needless[name])
  end
  local instead = foreign[name] or missing[name]
  if instead then return format("there is no \"%s\" here, write: %s", name, instead) end
  local module = name == "perigee" and name or "perigee." .. name
  if module_named(module) then
    return format("there is no variable \"%s\" here, write at the top of the file: local %s = " ..
      "require \"%s\"", name, name, module)
  end
  local near = sub(source, 1, 1) == "@" and locals_in(sub(source, 2)) or {}
  if near[name] then
    return format("there is no variable \"%s\" here: the local of this name is in another " ..
      "block, or it is declared further down", name)
  end
  for key in next, globals do near[key] = true end
  for key in next, declared do near[key] = true end
  for key in next, env or {} do near[key] = true end
  return format("there is no variable \"%s\"%s", name, did_you_mean(near, name))
end

-- How the main part of a file reads a name in a line; it is run by every VU.
local remembered = {}

local function reads_in(frame, name)
  local key = frame.what == "main" and find(frame.source, "^@") and
    frame.source .. "\0" .. frame.currentline .. "\0" .. name
  local reads = key and remembered[key] or code.reads(frame.func, frame.currentline, name)
  if key then remembered[key] = reads end
  return reads
end

-- Whether a line that reads the name as a global reads it as a field of the globals' table as well,
-- and does that now: then the table is where the field is read from.
local function is_field(reads, env, name)
  for _, register in next, reads.tables do
    local _, from = getlocal(3, register.table + 1)
    local key = name
    if register.key then _, key = getlocal(3, register.key + 1) end
    if rawequal(from, env) and key == name then return true end
  end
  return false
end

-- Called where neither the VU nor perigee has the name.
local function read(_, name)
  if type(name) ~= "string" or probed[name] or declared[name] then return nil end
  local frame = getinfo(2, "Slf")
  if not frame or frame.what == "C" then return nil end
  local in_library = frame.source ~= "@" .. script_path
  if in_library and stand_ins[name] then return stand_ins[name] end
  local reads = reads_in(frame, name)
  local env = getfenv(frame.func)
  if not reads.is_global or is_field(reads, env, name) then return nil end
  if missing[name] and in_library and not reads.is_used then return nil end
  raise(complaint(name, frame.source, env))
end

-- What is wrong with a name that a function sets.
local function unset(name)
  return format("the global \"%s\" was set by no file's main part: write local %s = ... (or " ..
    "rawset(_G, \"%s\", ...) if it is meant to be one)", name, name, name)
end

-- Called where the VU has no such global yet.
local function write(env, name, value)
  local frame = type(name) == "string" and not declared[name] and getinfo(2, "Slf")
  if frame and frame.what == "Lua" and code.sets_global(frame.func, frame.currentline, name) then
    raise(unset(name))
  end
  rawset(env, name, value)
end

setmetatable(globals, { __index = read })

-- Whether a name that the file reads at some place is there, or is nil without an error; `env` has
-- the globals of a VU that has loaded the script.
local function is_defined(name, source, env, is_used)
  if rawget(globals, name) ~= nil or rawget(env, name) ~= nil then return true end
  if declared[name] or probed[name] then return true end
  local in_library = source ~= "@" .. script_path
  return in_library and (stand_ins[name] or missing[name] and not is_used) ~= nil
end

return {
  declare = declare, write = write, complaint = complaint, unset = unset, is_defined = is_defined,
  code = code,
}
