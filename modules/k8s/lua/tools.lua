-- Small things that the module's parts share.
local raw = ...

local floor, next, sort, tonumber, tostring, type =
  math.floor, next, table.sort, tonumber, tostring, type

local M = {}

local ms_in = { ms = 1, s = 1000, m = 60000, h = 3600000 }

-- "1m30s" or a number of milliseconds as milliseconds; nil if it is neither.
local function read_duration(value)
  if type(value) == "number" then return value >= 0 and value or nil end
  if type(value) ~= "string" then return nil end
  local sum, rest = 0, value
  while rest ~= "" do
    local digits, unit, after = rest:match("^([%d.]+)(%a+)(.*)$")
    local number = tonumber(digits)
    if not number or not ms_in[unit] then return nil end
    sum, rest = sum + number * ms_in[unit], after
  end
  return value ~= "" and sum or nil
end

function M.duration(value, what, default)
  if value == nil then return default end
  local ms = read_duration(value)
  if not ms then
    raw.fail(("%s must be a duration like \"10s\", or a number of milliseconds"):format(what))
  end
  return ms
end

function M.sorted_keys(map)
  local keys = {}
  for key in next, map do keys[#keys + 1] = key end
  sort(keys)
  return keys
end

-- Refuses keys that the map `known` does not have.
function M.check_keys(map, known, what)
  for key in next, map do
    if not known[key] then
      raw.fail(("%s: there is no setting \"%s\"; there are: %s"):format(
        what, tostring(key), table.concat(M.sorted_keys(known), ", ")))
    end
  end
end

function M.set_of(words)
  local set = {}
  for word in words:gmatch("%S+") do set[word] = true end
  return set
end

-- What a call's last argument says: settings, or the namespace alone.
function M.options(value, known, what)
  if value == nil then return {} end
  if type(value) == "string" then return { namespace = value } end
  M.check_keys(value, known, what)
  return value
end

function M.url_encode(text)
  return (tostring(text):gsub("[^%w%-._~]", function(byte)
    return ("%%%02X"):format(byte:byte())
  end))
end

-- A query of names and values in turn, those that are nil or false left out; "" without any.
function M.query(...)
  local parts, list = {}, { ... }
  for i = 1, select("#", ...), 2 do
    local value = list[i + 1]
    if value ~= nil and value ~= false and value ~= "" then
      if type(value) == "number" and value == floor(value) then value = ("%d"):format(value) end
      parts[#parts + 1] = list[i] .. "=" .. M.url_encode(value)
    end
  end
  return #parts > 0 and "?" .. table.concat(parts, "&") or ""
end

function M.copy(value)
  if type(value) ~= "table" then return value end
  local copy = {}
  for key, item in next, value do copy[key] = M.copy(item) end
  return setmetatable(copy, debug.getmetatable(value))
end

-- The JSON value of a text, or nil where it is none.
function M.decode(text)
  local ok, value = pcall(raw.json.decode, text)
  return ok and value or nil
end

-- A field of a table that JSON has filled, nil for null.
local function field(value, name)
  local found = type(value) == "table" and value[name] or nil
  if found == raw.json.null then return nil end
  return found
end
M.field = field

-- The value of a field of a field.
function M.path(value, first, second)
  return field(field(value, first), second)
end

-- Seconds since 1970 of "2026-01-31T10:20:30.123456Z"; nil for what is none.
function M.time_of(text)
  local year, month, day, hour, minute, second =
    tostring(text):match("^(%d+)-(%d+)-(%d+)T(%d+):(%d+):([%d.]+)Z$")
  if not year then return nil end
  year, month = tonumber(year), tonumber(month)
  -- Days by the civil calendar, whose years begin in March here.
  if month <= 2 then year, month = year - 1, month + 12 end
  local days = 365 * year + floor(year / 4) - floor(year / 100) + floor(year / 400)
    + floor((153 * (month - 3) + 2) / 5) + tonumber(day) - 719469
  return ((days * 24 + tonumber(hour)) * 60 + tonumber(minute)) * 60 + tonumber(second)
end

return M
