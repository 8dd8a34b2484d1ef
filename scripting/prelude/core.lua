-- The module "perigee": what of it is better said in Lua.
local core, guard, null = ...

local error, next, pcall, tostring, type = error, next, pcall, tostring, type
local refuse = guard.refuse
local record, enter, leave = core.record_check, core.enter_group, core.leave_group

-- What is true in JavaScript: in Lua 0, "", NaN and json.null are, too.
local function is_true(value)
  return value ~= nil and value ~= false and value ~= 0 and value ~= "" and value == value
    and value ~= null
end

-- A function that gives neither true, false nor nil was often meant to compare.
local warned, warnings = {}, 0
local function warn_of_type(name, value)
  if value == nil or type(value) == "boolean" or warned[name] or warnings == 1000 then return end
  warned[name], warnings = true, warnings + 1
  core.warn_once(("the check \"%s\" gave a %s, which counts as %s: let it give true or false")
    :format(name, value == null and "null" or type(value), is_true(value) and "true" or "false"))
end

local function one_check(value, name, condition, tags)
  local passed = condition
  if type(condition) == "function" then
    local ok, result = pcall(condition, value)
    if not ok then
      record(name, false, tags)
      error(result, 0)
    end
    warn_of_type(name, result)
    passed = result
  end
  passed = is_true(passed)
  record(name, passed, tags)
  return passed
end

-- A table has no order of its own: its keys are taken in sorted order.
local function sorted_keys(checks)
  local keys, n = {}, 0
  for key in next, checks do
    if type(key) ~= "string" then
      error("perigee.check: the name of a check must be a string, got " .. tostring(key), 3)
    end
    n = n + 1
    local i = n
    while i > 1 and keys[i - 1] > key do
      keys[i] = keys[i - 1]
      i = i - 1
    end
    keys[i] = key
  end
  return keys, n
end

-- What perigee:check(value, checks) passes as the value; then there are tags.
local module
guard.on_owner("perigee.check", function(owner) module = owner end)

local function check(value, checks, tags)
  if type(checks) ~= "table" or tags and value == module then
    refuse("perigee.check", value, checks, tags)
  end
  local passed = true
  local first = checks[1]
  if type(first) == "table" then
    for i = 1, #checks do
      local pair = checks[i]
      if type(pair) ~= "table" then
        error("perigee.check: a list of checks holds pairs { name, condition }, got a " ..
          type(pair), 2)
      end
      if not one_check(value, pair[1], pair[2], tags) then passed = false end
    end
    return passed
  end
  local name, condition = next(checks)
  if type(name) == "string" and next(checks, name) == nil then
    return one_check(value, name, condition, tags)
  end
  local keys, n = sorted_keys(checks)
  for i = 1, n do
    if not one_check(value, keys[i], checks[keys[i]], tags) then passed = false end
  end
  return passed
end

local function left(outer, entered, ok, ...)
  leave(outer, entered)
  if not ok then error((...), 0) end
  return ...
end

local function group(name, f)
  local outer, entered = enter(name)
  return left(outer, entered, pcall(f))
end

local function fail(message)
  error(message == nil and "the script called fail()" or tostring(message), 2)
end

return {
  check = check, group = group, fail = fail, sleep = core.sleep, abort = core.abort, now = core.now,
}
