-- perigee.text: what scripts do with texts, for which Lua's patterns are one step too many.
local char, find, gsub, sub = string.char, string.find, string.gsub, string.sub
local floor, max, tonumber = math.floor, math.max, tonumber

local text = {}

-- A list of the parts between the separators; a text without one is the only part. An empty
-- separator splits into bytes, as JavaScript's does into characters.
function text.split(s, separator)
  local parts, from = {}, 1
  if separator == "" then
    for i = 1, #s do parts[i] = sub(s, i, i) end
    return parts
  end
  while true do
    local first, last = find(s, separator, from, true)
    parts[#parts + 1] = sub(s, from, (first or 0) - 1)
    if not first then return parts end
    from = last + 1
  end
end

function text.trim(s)
  return (gsub(gsub(s, "^%s+", ""), "%s+$", ""))
end

function text.starts_with(s, prefix)
  return sub(s, 1, #prefix) == prefix
end

function text.ends_with(s, suffix)
  return suffix == "" or sub(s, -#suffix) == suffix
end

function text.contains(s, part)
  return find(s, part, 1, true) ~= nil
end

-- The part between `left` and the next `right` from `from` on, and where it goes on behind that.
local function between(s, left, right, from)
  local _, before = find(s, left, from, true)
  local behind, last = find(s, right, (before or #s) + 1, true)
  if not before or not behind then return nil end
  return sub(s, before + 1, behind - 1), last + 1
end

-- What stands between `left` and the next `right`; nil where there is nothing.
function text.between(s, left, right)
  return (between(s, left, right, 1))
end

-- The same of every place, as a list.
function text.all_between(s, left, right)
  local found, from = {}, 1
  while from <= #s do
    local part, next_from = between(s, left, right, from)
    if not part then break end
    found[#found + 1], from = part, max(next_from, from + 1)
  end
  return found
end

local entities = { amp = "&", apos = "'", gt = ">", lt = "<", nbsp = "\194\160", quot = '"' }

-- A code point in UTF-8; nil where there is none of that number.
local function utf8_of(code)
  if not code or code > 0x10FFFF or code >= 0xD800 and code < 0xE000 then return nil end
  if code < 0x80 then return char(code) end
  local low = 0x80 + code % 0x40
  if code < 0x800 then return char(0xC0 + floor(code / 0x40), low) end
  local middle = 0x80 + floor(code / 0x40) % 0x40
  if code < 0x10000 then return char(0xE0 + floor(code / 0x1000), middle, low) end
  return char(0xF0 + floor(code / 0x40000), 0x80 + floor(code / 0x1000) % 0x40, middle, low)
end

-- Replaces the named characters of XML, `&nbsp;`, and numbers (`&#39;`, `&#x27;`); others stay.
function text.unescape_html(s)
  return (gsub(s, "&(#?)([xX]?)(%w+);", function(number, hex, name)
    if number == "" then return entities[hex .. name] end
    return utf8_of(tonumber(name, hex == "" and 10 or 16))
  end))
end

return text
