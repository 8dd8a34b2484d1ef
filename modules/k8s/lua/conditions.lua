-- What is waited for, as functions of an object: conditions, JSON paths as kubectl has them, and
-- what to say of an object that is not there yet.
local raw, tools = ...

local ipairs, next, tonumber, tostring, type = ipairs, next, tonumber, tostring, type

local M = {}

local function condition_of(object, name)
  local wanted = name:lower()
  for _, condition in ipairs(tools.path(object, "status", "conditions") or {}) do
    if tostring(condition.type):lower() == wanted then return condition end
  end
end

-- "Ready" or "Ready=False"; its status of an older generation does not count.
function M.condition(text)
  local name, status = text:match("^([^=]+)=(.*)$")
  name, status = name or text, (status or "True"):lower()
  return function(object)
    local condition = condition_of(object, name)
    if not condition or tostring(condition.status):lower() ~= status then return false end
    local observed = tools.field(condition, "observedGeneration")
      or tools.path(object, "status", "observedGeneration")
    local generation = tools.path(object, "metadata", "generation")
    return not (observed and generation and observed < generation)
  end
end

-- JSON paths -----------------------------------------------------------------------------------

local function unquote(text)
  return text:match("^\"(.*)\"$") or text:match("^'(.*)'$") or text
end

-- A name behind a dot, in which a backslash stands before dots of its own; and what follows it.
local function read_name(text)
  local name, at = "", 2
  while at <= #text do
    local char = text:sub(at, at)
    if char == "." or char == "[" then break end
    if char == "\\" then at, char = at + 1, text:sub(at + 1, at + 1) end
    name, at = name .. char, at + 1
  end
  return name, text:sub(at)
end

local steps_of

-- One step at the beginning of a path, and what follows it; nil if it is none.
local function read_step(text)
  if text:sub(1, 1) == "." then
    local name, rest = read_name(text)
    return name ~= "" and name or nil, rest
  end
  local filter, value, after = text:match("^%[%?%(@(.-)%s*==%s*(.-)%)%](.*)$")
  if filter then return { filter = steps_of(filter), value = unquote(value) }, after end
  local inner, rest = text:match("^%[(.-)%](.*)$")
  if not inner then return nil end
  return tonumber(inner) or unquote(inner), rest
end

-- The steps of "{.status.conditions[?(@.type=="Ready")].status}": names, numbers, "*", filters.
function steps_of(path)
  local rest = (path:match("^{(.*)}$") or path):gsub("^%$", "")
  local steps = {}
  while rest ~= "" do
    local step
    step, rest = read_step(rest)
    if not step or type(step) == "table" and not step.filter then return nil end
    steps[#steps + 1] = step
  end
  return steps
end

local walk

local function walk_all(value, steps, at, found, fits)
  for _, item in next, type(value) == "table" and value or {} do
    if not fits or fits(item) then walk(item, steps, at, found) end
  end
end

-- Adds what the steps from `at` on lead to.
function walk(value, steps, at, found)
  local step = steps[at]
  if value == nil or value == raw.json.null then return end
  if step == nil then
    found[#found + 1] = value
  elseif step == "*" then
    walk_all(value, steps, at + 1, found)
  elseif type(step) == "table" then
    walk_all(value, steps, at + 1, found, function(item)
      local inner = {}
      walk(item, step.filter, 1, inner)
      return inner[1] ~= nil and tostring(inner[1]) == step.value
    end)
  elseif type(value) == "table" then
    local index = step
    if type(step) == "number" then index = step >= 0 and step + 1 or #value + 1 + step end
    walk(value[index], steps, at + 1, found)
  end
end

local function text_of(value)
  if type(value) == "number" then return ("%.14g"):format(value) end
  return type(value) == "table" and raw.json.encode(value) or tostring(value)
end

-- "{.status.phase}=Running"; without a value something must be there.
function M.jsonpath(text)
  local path, value = text:match("^({.-})=(.*)$")
  path = path or text:match("^({.*})$")
  local steps = path and steps_of(path)
  if not steps then
    raw.fail(("k8s.wait: jsonpath must be like \"{.status.phase}=Running\", got %s"):format(text))
  end
  value = value and unquote(value)
  return function(object)
    local found = {}
    walk(object, steps, 1, found)
    if value == nil then return found[1] ~= nil end
    for _, item in ipairs(found) do
      if text_of(item) == value then return true end
    end
    return false
  end
end

-- What is said of an object --------------------------------------------------------------------

local function condition_text(condition)
  local text = ("%s=%s"):format(tostring(condition.type), tostring(condition.status))
  local reason = tools.field(condition, "reason")
  local message = tools.field(condition, "message")
  if condition.status ~= "True" and (reason or message) then
    text = ("%s (%s)"):format(text, table.concat({ reason or message, reason and message }, ": "))
  end
  return text
end

-- Its state in a few words, with its conditions.
function M.describe(object)
  local parts = {}
  local phase = tools.path(object, "status", "phase")
  if phase then parts[1] = "phase " .. tostring(phase) end
  if tools.path(object, "metadata", "deletionTimestamp") then
    local finalizers = tools.path(object, "metadata", "finalizers")
    parts[#parts + 1] = "being deleted" ..
      (finalizers and finalizers[1] and ", with the finalizers " .. table.concat(finalizers, ", ")
        or "")
  end
  for _, condition in ipairs(tools.path(object, "status", "conditions") or {}) do
    parts[#parts + 1] = condition_text(condition)
  end
  return #parts > 0 and table.concat(parts, ", ") or "no conditions"
end

-- A Job that has failed never completes.
function M.hopeless(object, condition)
  if object.kind ~= "Job" or not condition or condition:lower() ~= "complete" then return nil end
  return condition_of(object, "Failed") and M.condition("Failed")(object) and "it has failed" or nil
end

return M
