-- Small things that the parts of perigee.credentials and perigee.storage share.
local raw = ...

local next, sort, tostring, type = next, table.sort, tostring, type

local M = {}

-- Failures are values: nil and a table that tostring makes the message of.
local meta = { __metatable = false }

function meta.__tostring(failure) return failure.text end

-- `what` is the call in words; status is 0 where there was no response.
function M.failure(what, status, code, message)
  local text = what
  if status > 0 then text = ("%s: %d %s"):format(text, status, code) end
  if message and message ~= "" then text = text .. ": " .. message end
  return setmetatable({ status = status, code = code, message = message, text = text }, meta)
end

function M.set_of(words)
  local set = {}
  for word in words:gmatch("%S+") do set[word] = true end
  return set
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
  return map
end

-- A name within a URL; its slashes stay with `keep`.
function M.url_encode(text, keep)
  return (tostring(text):gsub(keep and "[^%w%-._~/]" or "[^%w%-._~]", function(byte)
    return ("%%%02X"):format(byte:byte())
  end))
end

function M.url_decode(text)
  return (text:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

-- A query of a table, in the order of the names; "" of an empty one.
function M.query(map)
  local parts = {}
  for _, name in ipairs(M.sorted_keys(map)) do
    parts[#parts + 1] = M.url_encode(name) .. "=" .. M.url_encode(map[name])
  end
  return table.concat(parts, "&")
end

-- "https://host:443/a?b" -> "host", "/a?b": the host as the header of a request has it
function M.split_url(url)
  local scheme, authority, target = url:match("^(%a+)://([^/?]+)(.*)$")
  if not scheme then raw.fail(("%s is no URL: write http://host:port/path"):format(url)) end
  local default = scheme == "https" and ":443" or ":80"
  if authority:sub(-#default) == default then authority = authority:sub(1, -#default - 1) end
  if target:sub(1, 1) ~= "/" then target = "/" .. target end
  return authority, target
end

local entities = { lt = "<", gt = ">", amp = "&", quot = '"', apos = "'" }

local function unescape_xml(text)
  return (text:gsub("&(#?x?)(%w+);", function(kind, name)
    if kind == "" then return entities[name] end
    local code = tonumber(name, kind == "#x" and 16 or 10)
    return code and code < 128 and string.char(code) or nil
  end))
end

-- The text of the first element of this name, or nil.
function M.xml(text, name)
  name = name:gsub("%-", "%%-")
  local found = (text or ""):match("<" .. name .. ">(.-)</" .. name .. ">")
  return found and unescape_xml(found)
end

-- The elements of this name, each with what is in it.
function M.each_xml(text, name)
  return text:gmatch("<" .. name .. ">(.-)</" .. name .. ">")
end

-- The JSON value of a text if it is an object, or an empty table.
function M.decode(text)
  local ok, value = pcall(raw.json.decode, text or "")
  return ok and type(value) == "table" and value or {}
end

-- Milliseconds since 1970 of "2026-01-31T10:20:30Z", or nil.
function M.time_of(text)
  local ok, ms = pcall(raw.time.parse, text or "")
  return ok and ms or nil
end

-- The sections of a file like ~/.aws/config. A line that is indented belongs to the key above.
function M.parse_ini(text)
  local sections, current = {}, nil
  for line in text:gmatch("[^\r\n]+") do
    local section = line:match("^%s*%[%s*(.-)%s*%]")
    local key, value = line:match("^([^%s=#;][^=]-)%s*=%s*(.-)%s*$")
    if section then
      section = section:gsub("^profile%s+", ""):gsub('^"(.*)"$', "%1")
      sections[section] = sections[section] or {}
      current = sections[section]
    elseif key and current then
      current[key] = value
    end
  end
  return sections
end

local months = {
  Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6, Jul = 7, Aug = 8, Sep = 9, Oct = 10,
  Nov = 11, Dec = 12,
}

-- Milliseconds since 1970 of "Wed, 21 Oct 2015 07:28:00 GMT", or nil.
function M.http_time(text)
  local day, month, year, time = (text or ""):match("(%d+) (%a+) (%d+) (%d+:%d+:%d+)")
  if not day or not months[month] then return nil end
  return M.time_of(("%s-%02d-%02dT%sZ"):format(year, months[month], tonumber(day), time))
end

function M.trim(text) return (text:gsub("^%s+", ""):gsub("%s+$", "")) end

function M.home() return raw.variable("HOME") or "" end

return M
