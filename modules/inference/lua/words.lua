-- How shapes, numbers and failures are written.
local raw = ...
local json = raw.json
local concat, floor, huge, ipairs, tostring = table.concat, math.floor, math.huge, ipairs, tostring

local words = {}

-- A failure of a question to the server; `fields` say what kind it is of.
function words.failure(text, fields)
  fields = fields or {}
  fields.text = text
  return fields
end

-- What Lua's error says, without the line of the script.
function words.without_place(message)
  return (tostring(message):gsub("^[^:]+:%d+: ", ""):gsub("^client:connect: ", ""))
end

local function whole(size)
  return ("%.0f"):format(size)
end

function words.shape(shape, between)
  local sizes = {}
  for i, size in ipairs(shape) do sizes[i] = whole(size) end
  return "[" .. concat(sizes, between or ",") .. "]"
end

-- As -s takes it.
function words.sizes(shape)
  local sizes = {}
  for i, size in ipairs(shape) do sizes[i] = whole(size) end
  return concat(sizes, " ")
end

-- A number in as few digits as it needs; a real one keeps its point.
function words.number(value, is_real)
  if value == huge then return "inf" end
  if value == floor(value) and value < 1e15 and value > -1e15 then
    return is_real and ("%.1f"):format(value) or ("%.0f"):format(value)
  end
  return json.encode(value)
end

return words
