-- Objects as scripts write them: tables, or YAML of one or several documents.
local raw, tools = ...

local ipairs, type = ipairs, type

local M = {}

local function check(object, what, number)
  if type(object) ~= "table" or type(object.kind) ~= "string" or
    type(object.apiVersion) ~= "string" or type(object.metadata) ~= "table" then
    raw.fail(("%s: %s needs apiVersion, kind and metadata"):format(
      what, number and "document " .. number or "the object"))
  end
end

local function add(list, object)
  if object == nil or object == raw.json.null then return end
  if type(object) == "table" and type(object.items) == "table" and object.kind == "List" then
    for _, item in ipairs(object.items) do add(list, item) end
  else
    list[#list + 1] = object
  end
end

-- The list of objects, and whether the script has written several.
function M.read(value, what)
  local list, several = {}, false
  if type(value) == "string" then
    local ok, documents = pcall(raw.yaml.decode_all, value, { null = raw.json.null })
    if not ok then raw.fail(what .. ": " .. tostring(documents):gsub("^.-: ", "")) end
    for _, document in ipairs(documents) do add(list, document) end
    several = #list > 1
  elseif type(value) == "table" then
    several = value.kind == nil or value.kind == "List"
    for _, object in ipairs(several and not value.kind and value or { value }) do
      add(list, object)
    end
  else
    raw.fail(("%s: an object is a table or YAML, got a %s"):format(what, type(value)))
  end
  if #list == 0 then raw.fail(what .. ": there is no object in it") end
  for i, object in ipairs(list) do check(object, what, #list > 1 and i) end
  return list, several
end

-- The one object that must be there.
function M.read_one(value, what)
  local list = M.read(value, what)
  if #list > 1 then
    raw.fail(("%s takes one object, got %d: apply and create take several"):format(what, #list))
  end
  return list[1]
end

function M.name_of(object) return tools.path(object, "metadata", "name") end

return M
