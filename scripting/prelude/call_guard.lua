-- Looks at how a script calls the functions of modules, in one place for all of them: what is
-- called with wrong arguments, or with a colon for a dot, says so in the words of its definition.
-- Gets the signatures, and a function that raises a message at the script's line.
local signatures, raise = ...

local next, select, setmetatable, tonumber, tostring, type =
  next, select, setmetatable, tonumber, tostring, type
-- A type's own metatable, which scripts can't ask for.
local getmetatable = debug.getmetatable
local concat, find, format, gmatch, gsub, loadstring, match, sub =
  table.concat, string.find, string.format, string.gmatch, string.gsub, loadstring, string.match,
  string.sub

-- Lua takes a number for a string, and a string of digits for a number.
local json = "use json.encode for JSON"
local kinds = {
  any = { "a value", "any" },
  given = { "a value", "any" },
  string = { "a string", "string number" },
  text = { "a string", "string" },
  data = { "a string", "string number", json },
  message = { "a string", "string", json },
  number = { "a number", "number" },
  seconds = { "a number", "number" },
  ms = { "a number of milliseconds", "number" },
  value = { "a number, true or false", "number boolean" },
  boolean = { "true or false", "boolean" },
  fun = { "a function", "function" },
  table = { "a table", "table" },
  params = { "a table", "table", "a body comes before it, where there is one" },
  stream = { "what http.stream returns", "table" },
  consumer = { "what kafka.consumer returns", "table" },
  list = { "a list", "table userdata" },
  folders = { "a folder, or a list of them", "string table" },
  requests = { "a list of requests, or a table of them by name", "table" },
  url = { "a string, or what http.url returns", "string table" },
  body = {
    "a string, a table (a form), http.body_file(...) or http.body_from(...)",
    "string table userdata", json,
  },
  callback = {
    "what http.expected_statuses(...) returns, or false to judge no status",
    "userdata boolean nil",
  },
  record = { "a message or a topic", "string table" },
  scope = { "a table, or a namespace", "table string" },
  manifest = { "a table or a string", "table string" },
  limit = { "a duration like \"10s\", or a number of milliseconds", "string number" },
}

-- Kinds for which nil will do, but not nothing.
local to_be_given = { given = true, callback = true }

local every_type = {}
for word in gmatch("nil boolean number string table function thread userdata cdata", "%a+") do
  every_type[word] = true
end

local function types_of(kind, optional)
  local words = kinds[kind][2]
  if words == "any" then return every_type end
  local types = {}
  for word in gmatch(words, "%a+") do types[word] = true end
  if optional then types["nil"] = true end
  return types
end

-- "seconds: number, name?: string" as a list of parameters.
local function parse(name, text)
  local names = {}
  local signature = { name = name, is_method = find(name, ":", 1, true) ~= nil }
  for word in gmatch(text, "[^,]+") do
    local parameter, mark, kind = match(word, "^ *([%a_]+)(%??): (%a+)$")
    names[#names + 1] = parameter or "..."
    if parameter then
      signature.given = signature.given or to_be_given[kind]
      signature[#signature + 1] = {
        name = parameter, kind = kind, optional = mark == "?", types = types_of(kind, mark == "?"),
      }
    else
      signature.open = true
    end
  end
  signature.usage = name .. "(" .. concat(names, ", ") .. ")"
  return signature
end

local function show(value)
  local kind = type(value)
  if kind == "string" then
    local text = #value > 40 and sub(value, 1, 40) .. "..." or value
    return "the string \"" .. gsub(text, "%c", "?") .. "\""
  end
  if kind == "number" then return "the number " .. tostring(value) end
  if kind == "nil" or kind == "boolean" then return tostring(value) end
  return "a " .. kind
end

-- What a unit of time stands for in the kinds of numbers that have none.
local seconds_in = { ms = 0.001, s = 1, m = 60, h = 3600 }
local units = { seconds = 1, ms = 1000 }

-- What to write instead.
local function advice(signature, parameter, value)
  if value == nil then return " (write " .. signature.usage .. ")" end
  if units[parameter.kind] and type(value) == "string" then
    local digits, unit = match(value, "^([%d.]+)(%a*)$")
    local number = tonumber(digits)
    if number and (seconds_in[unit] or unit == "") then
      local factor = unit == "" and 1 or seconds_in[unit] * units[parameter.kind]
      return format(" (write %.14g)", number * factor)
    end
  end
  local hint = kinds[parameter.kind][3]
  return hint and "; " .. hint or ""
end

local function fits(parameter, value)
  local kind = type(value)
  if parameter.types[kind] then return parameter.kind ~= "callback" or value ~= true end
  return kind == "string" and parameter.types.number and parameter.kind ~= "ms" and
    tonumber(value) ~= nil
end

local function wrong_argument(signature, ...)
  for i = 1, #signature do
    local parameter = signature[i]
    local value = select(i, ...)
    if not fits(parameter, value) then
      return signature.name .. ": " .. parameter.name .. " must be " .. kinds[parameter.kind][1] ..
        ", got " .. show(value) .. advice(signature, parameter, value)
    end
  end
  if signature.given and select("#", ...) == 0 then
    return signature.name .. ": " .. signature[1].name .. " is missing" ..
      advice(signature, signature[1], nil)
  end
end

-- Nil if nothing is wrong. A method's arguments begin with what it was called on.
local function complaint(signature, ...)
  local first = ...
  if not signature.is_method then
    if signature.owner ~= nil and first == signature.owner then
      return signature.name .. ": write " .. signature.usage .. ", with a dot instead of the colon"
    end
    return wrong_argument(signature, ...)
  end
  if getmetatable(first) ~= signature.owner then
    return signature.name .. ": write " .. signature.usage .. ", with a colon instead of the dot"
  end
  return wrong_argument(signature, select(2, ...))
end

local function verify(signature, ...)
  local message = complaint(signature, ...)
  if message then raise(message) end
end

-- Code that looks at a call before the function gets it. It is compiled once for each number of
-- parameters: a look costs a comparison and a look-up per argument, and no memory.
local compiled = {}

local function code_of(signature)
  if signature.open or signature.given then
    return "return function(...) verify(signature, ...) return raw(...) end"
  end
  local names, conditions, types = {}, {}, {}
  if signature.is_method then
    names[1], conditions[1] = "self", "getmetatable(self) ~= owner"
  elseif #signature > 0 then
    conditions[1] = "a1 == owner"
  end
  for i = 1, #signature do
    names[#names + 1] = "a" .. i
    conditions[#conditions + 1] = "not t" .. i .. "[type(a" .. i .. ")]"
    types[i] = "local t" .. i .. " = signature[" .. i .. "].types "
  end
  if #names == 0 then
    return "return function(first) if first == owner then verify(signature, first) end " ..
      "return raw() end"
  end
  local list = concat(names, ", ")
  return concat(types) .. "return function(" .. list .. ") if " .. concat(conditions, " or ") ..
    " then verify(signature, " .. list .. ") end return raw(" .. list .. ") end"
end

local function wrap(signature, raw)
  local code = code_of(signature)
  if not compiled[code] then
    local text = "local signature, raw, owner, verify, type, getmetatable = ... " .. code
    compiled[code] = loadstring(text, "=[call_guard]")
  end
  return compiled[code](signature, raw, signature.owner, verify, type, getmetatable)
end

local known, explained = {}, {}
for name, text in next, signatures.checked do known[name] = parse(name, text) end
for name, text in next, signatures.explained do
  explained[name] = parse(name, text)
  known[name] = explained[name]
end

local guard, on_owner = {}, {}

-- The names of functions by the functions, for the errors that these raise, and all names. Globals
-- say in their own words what is wrong.
guard.names = setmetatable({}, { __mode = "k" })
for name in next, known do
  if find(name, "[.:]") then guard.names[name] = true end
end

-- What scripts call functions, for those who see one.
guard.titles = setmetatable({}, { __mode = "k" })

-- Calls `f` with the owner of a function as soon as it has one.
function guard.on_owner(name, f)
  on_owner[name] = f
end

-- Several classes may have a function of one name.
local function owned(signature, owner)
  local copy = {}
  for key, value in next, signature do copy[key] = value end
  copy.owner = owner
  return copy
end

-- A function, called `name`; with a dot its owner is the table that scripts see it in, with a colon
-- the metatable of what it is called on.
function guard.one(name, raw, owner)
  local signature = known[name]
  if not signature then return raw end
  if not explained[name] then
    if guard.names[name] then guard.names[raw] = name end
    local wrapped = wrap(owned(signature, owner), raw)
    guard.titles[wrapped] = name
    return wrapped
  end
  guard.titles[raw] = name
  signature.owner = owner
  if on_owner[name] then on_owner[name](owner) end
  return raw
end

-- The functions of a table, which are called `prefix` and their name, e.g. "http." or "jar:".
function guard.all(prefix, functions, owner)
  for key, raw in next, functions do
    if type(raw) == "function" then functions[key] = guard.one(prefix .. key, raw, owner) end
  end
  return functions
end

-- What is wrong with a call that has failed; nil if its arguments are of the right types.
function guard.explain(name, ...)
  return complaint(known[name], ...)
end

-- The same, as an error at the script's line.
function guard.refuse(name, ...)
  verify(known[name], ...)
end

return guard
