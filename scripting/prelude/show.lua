-- What console.log shows of values that JSON has not: of a response what people look for, of a
-- function its name, and a table within itself once. Gets the globals of all scripts, the names of
-- modules' functions, json.null and the mark of lists.
local globals, titles, null, list_mark = ...

local next, tostring, type = next, tostring, type
local setmetatable = setmetatable
local getinfo, getmetatable = debug.getinfo, debug.getmetatable
local sub = string.sub

-- Deeper ones are not worth a line.
local max_depth = 30

local function add_titles(prefix, functions)
  for name, value in next, functions do
    if type(value) == "function" then titles[value] = titles[value] or prefix .. name end
  end
end

local is_complete = false
local function title_of(f)
  if not is_complete then
    is_complete = true
    add_titles("", globals)
    for name, library in next, globals do
      local meta = type(library) == "table" and getmetatable(library)
      if meta and type(meta.__index) == "table" then add_titles(name .. ".", meta.__index) end
    end
  end
  if titles[f] then return "function: " .. titles[f] end
  local info = getinfo(f, "S")
  if sub(info.source, 1, 1) ~= "@" then return "function" end
  return "function: " .. sub(info.source, 2) .. ":" .. info.linedefined
end

local function is_list(value)
  local count = 0
  for _ in next, value do count = count + 1 end
  return count > 0 and count == #value
end

local plain

local function copy_of(value, above, depth)
  local copy = {}
  above[value] = true
  if getmetatable(value) == list_mark then setmetatable(copy, list_mark) end
  local keeps_keys = is_list(value)
  for key, item in next, value do
    copy[keeps_keys and key or tostring(key)] = plain(item, above, depth + 1)
  end
  above[value] = nil
  return copy
end

function plain(value, above, depth)
  local kind = type(value)
  if kind == "function" then return title_of(value) end
  if kind == "thread" then return "coroutine" end
  if kind == "userdata" and value ~= null then return tostring(value) end
  if kind ~= "table" then return value end
  if above[value] then return "(this table again)" end
  if depth > max_depth then return "..." end
  local meta = getmetatable(value)
  local show = meta and meta["perigee.show"]
  if show then return plain(show(value), above, depth + 1) end
  return copy_of(value, above, depth)
end

return function(value)
  return plain(value, {}, 0)
end
