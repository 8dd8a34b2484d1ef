-- Readers of environment variables: each turns a variable's name and text into its value, or says
-- what the text must be.
local M = {}

-- What is wrong with a variable is no fault of a line of the script: the message stands alone.
function M.refuse(name, value, wanted)
  error(("%s=%s: must be %s"):format(name, value, wanted), 0)
end

local refuse = M.refuse

function M.text(_, value)
  return value
end

-- Of a model or an experiment: it goes into URLs and headers.
function M.name(name, value)
  if value:find("^[!-~]+$") then return value end
  refuse(name, value, "a name of printable ASCII without blanks")
end

function M.url(name, value)
  if value:find("^https?://[^/%s][^%s]*$") then return (value:gsub("/+$", "")) end
  refuse(name, value, "a URL like http://127.0.0.1:9000")
end

function M.endpoint(name, value)
  local port = value:match("^[%w._-]+:(%d+)$") or value:match("^%[[%x:.]+%]:(%d+)$")
  if port and tonumber(port) >= 1 and tonumber(port) <= 65535 then return value end
  refuse(name, value, "host:port like 127.0.0.1:9000, without http://")
end

local flags = {
  ["1"] = true, ["true"] = true, yes = true, ["0"] = false, ["false"] = false, no = false,
}

function M.flag(name, value)
  local on = flags[value:lower()]
  if on == nil then refuse(name, value, "1, true or yes for on; 0, false or no for off") end
  return on
end

function M.whole_from(min, max)
  local wanted = ("a whole number of at least %d"):format(min)
  if max then wanted = ("a whole number from %d to %d"):format(min, max) end
  return function(name, value)
    local number = tonumber(value)
    if not number or number % 1 ~= 0 or number < min or number > (max or 2 ^ 53) then
      refuse(name, value, wanted)
    end
    return number
  end
end

function M.positive(name, value)
  local number = tonumber(value)
  if number and number > 0 and number < math.huge then return number end
  refuse(name, value, "a number above 0")
end

-- How long something takes at most.
function M.seconds(name, value)
  local number = tonumber(value)
  if number and number >= 0.001 and number <= 1e7 then return number end
  refuse(name, value, "seconds from 0.001 to 10000000")
end

function M.not_negative(name, value)
  local number = tonumber(value)
  if number and number >= 0 and number < math.huge then return number end
  refuse(name, value, "a number of at least 0")
end

function M.share(name, value)
  local number = tonumber(value)
  if number and number >= 0 and number <= 1 then return number end
  refuse(name, value, "a number from 0 to 1")
end

-- The units of Kubernetes' quantities.
local units = {
  [""] = 1, k = 1e3, M = 1e6, G = 1e9, T = 1e12,
  Ki = 2 ^ 10, Mi = 2 ^ 20, Gi = 2 ^ 30, Ti = 2 ^ 40,
}

function M.bytes(name, value)
  local digits, unit = value:match("^(%d+%.?%d*)(%a*)$")
  local bytes = digits and units[unit] and math.ceil(tonumber(digits) * units[unit])
  if bytes and bytes <= 2 ^ 53 then return bytes end
  refuse(name, value, "bytes like 400000, 400k, 8M or 8Mi (k, M, G, T, Ki, Mi, Gi, Ti)")
end

-- One of some words, in any case.
function M.one_of(...)
  local known = { ... }
  return function(name, value)
    for _, word in ipairs(known) do
      if value:lower() == word:lower() then return word end
    end
    refuse(name, value, table.concat(known, " or "))
  end
end

-- "a,b,c" -> { "a", "b", "c" }, each read by `read_item`.
function M.list_of(read_item)
  return function(name, value)
    local items = {}
    for item in (value .. ","):gmatch("([^,]*),") do
      item = item:match("^%s*(.-)%s*$")
      if item == "" then refuse(name, value, "a list like a,b,c without empty items") end
      items[#items + 1] = read_item(name, item)
    end
    return items
  end
end

-- Reads variables into `settings`. Each is { name in scripts, variable, reader, default }; the
-- default may be a function that makes it of what was read before. A blank variable is not set.
function M.read_all(settings, variables)
  for _, variable in ipairs(variables) do
    local key, name, read, default = unpack(variable, 1, 4)
    local value = (__ENV[name] or ""):match("^%s*(.-)%s*$")
    if value ~= "" then
      settings[key] = read(name, value)
    elseif type(default) == "function" then
      settings[key] = default()
    else
      settings[key] = default
    end
  end
end

-- A variable of which this version knows only the default.
function M.not_available(why)
  return function(name, value)
    if M.flag(name, value) then error(("%s=%s: %s"):format(name, value, why), 0) end
    return false
  end
end

return M
