-- Waiting for what becomes of an object, by the watch that all VUs of a worker share.
local raw, tools, errors, objects, verbs, watches, conditions, lifecycle = ...

local now = raw.now
local pairs, type = pairs, type

local M = {}

local known = tools.set_of("object kind name namespace condition jsonpath gone test timeout")
known[1] = true

local function target_of(client, what)
  local object = what.object or what[1]
  if object ~= nil then
    object = objects.read_one(object, "k8s.wait")
    local kind, failure = verbs.find_of(client, object)
    return kind, objects.name_of(object),
      what.namespace or tools.path(object, "metadata", "namespace"), failure,
      tools.path(object, "metadata", "uid")
  end
  if type(what.kind) ~= "string" or type(what.name) ~= "string" then
    raw.fail("k8s.wait: say which object: k8s.wait{ object, condition = \"Ready\" }, or kind " ..
      "and name")
  end
  local kind, failure = verbs.find(client, what.kind)
  return kind, what.name, what.namespace, failure
end

-- What must hold, as a function, and in words.
local function goal_of(what)
  local goals = {}
  if what.condition then
    goals[1] = { conditions.condition(what.condition), "the condition " .. what.condition }
  end
  if what.jsonpath then
    goals[#goals + 1] = { conditions.jsonpath(what.jsonpath), what.jsonpath }
  end
  if what.test then goals[#goals + 1] = { what.test, "its test" } end
  if what.gone then goals[#goals + 1] = { false, "its end" } end
  if #goals ~= 1 then
    raw.fail("k8s.wait: say one of condition, jsonpath, test and gone")
  end
  return goals[1][1], goals[1][2]
end

local function words_of(wait)
  return ("%s \"%s\"%s"):format(wait.kind.plural, wait.name,
    wait.namespace and " in " .. wait.namespace or "")
end

local function failed(wait, reason, message)
  return errors.new("wait for " .. wait.words .. " of " .. words_of(wait), 0, reason, message)
end

local function last_state(wait)
  local state = wait.seen and conditions.describe(wait.seen) or "it was not there"
  local trouble = wait.store.last_failure
  return state .. (trouble and "; the watch: " .. trouble.text or "")
end

-- Whether the object that is waited for is gone; one of another uid is not it. What the watch does
-- not have may be too new for it, so the server is asked.
local function is_gone(client, wait)
  local object = wait.store.objects[wait.key]
  if object then return wait.uid ~= nil and object.metadata.uid ~= wait.uid end
  if not wait.store.listed then return false end
  if wait.seen or wait.uid and lifecycle.is_gone(wait.uid) then return true end
  local found, failure = verbs.look_for(client, wait.kind, wait.name, wait.namespace)
  if found then return wait.uid ~= nil and found.metadata.uid ~= wait.uid end
  return failure.code == 404
end

-- Looks once. Returns the object, true or a failure where the wait is over; nil where it goes on.
local function look(client, wait)
  local object = wait.store.objects[wait.key]
  if object and wait.uid and object.metadata.uid ~= wait.uid and not wait.gone then
    object = nil
  end
  if wait.gone then
    if is_gone(client, wait) then return true end
    wait.seen = object or wait.seen
    return nil
  end
  if not object then
    if wait.seen and wait.store.listed then
      return nil, failed(wait, "Deleted",
        "it was deleted; before: " .. conditions.describe(wait.seen))
    end
    return nil
  end
  wait.seen = object
  if wait.goal(object) then return object end
  local hopeless = conditions.hopeless(object, wait.condition)
  if hopeless then
    return nil, failed(wait, "Failed", hopeless .. ": " .. conditions.describe(object))
  end
end

-- Waits until it is over. Returns the object, true where it is gone, or nil and a failure.
local function run(client, wait)
  local signal = watches.signal_of(wait.store, wait.key)
  while true do
    local value, failure = look(client, wait)
    if value ~= nil or failure then return value, failure end
    if wait.store.failure then return nil, wait.store.failure end
    if wait.store.ended then wait.store = watches.of(client, wait.kind, wait.namespace) end
    local left = wait.deadline - now()
    if left <= 0 then
      return nil, failed(wait, "Timeout",
        ("after %g s: %s"):format(wait.limit / 1000, last_state(wait)))
    end
    raw.await(signal, left)
    wait.store.used = now()
  end
end

local function copy_of(value)
  return type(value) == "table" and tools.copy(value) or value
end

-- Begins to wait for an object, until `wait.goal` holds or it is gone.
local function begin(client, wait, namespace, timeout)
  wait.namespace = wait.kind.namespaced and (namespace or client.namespace) or nil
  wait.key = (wait.namespace or "") .. "/" .. wait.name
  wait.limit = tools.duration(timeout, "k8s.wait: timeout", 60000)
  wait.deadline = now() + wait.limit
  wait.store = watches.of(client, wait.kind, wait.namespace)
  return run(client, wait)
end

-- k8s.wait{ object, condition = "Ready", timeout = "60s" }
function M.wait(client, what)
  tools.check_keys(what, known, "k8s.wait")
  local goal, words = goal_of(what)
  local kind, name, namespace, failure, uid = target_of(client, what)
  if not kind then return errors.give(client, failure) end
  local value
  value, failure = begin(client, {
    goal = goal, words = words, kind = kind, name = name, uid = uid, gone = what.gone,
    condition = what.condition,
  }, namespace, what.timeout)
  if failure then return errors.give(client, failure) end
  return copy_of(value)
end

-- delete(kind, name, options), delete(object, options), and delete of several as YAML.
local function delete_one(client, kind_name, name, options)
  local result, kind, failure = verbs.delete_now(client, kind_name, name, options)
  if failure then return nil, failure end
  if not options.wait then return result end
  -- A new one of the same name is not the one that was deleted.
  local uid = tools.path(result, "metadata", "uid") or tools.path(result, "details", "uid")
  local gone
  gone, failure = begin(client, {
    words = "its end", kind = kind, name = name, uid = uid, gone = true,
  }, options.namespace, options.wait ~= true and options.wait or nil)
  if not gone then return nil, failure end
  return result
end

function M.delete(client, given, name, given_options)
  local listed = {}
  if type(given) == "string" and type(name) == "string" then
    listed[1] = { given, name, {} }
  else
    given_options = name
    for i, object in ipairs(objects.read(given, "k8s.delete")) do
      listed[i] = {
        object.apiVersion .. "/" .. object.kind, objects.name_of(object),
        { namespace = tools.path(object, "metadata", "namespace") },
      }
    end
  end
  local options = tools.options(given_options, verbs.known.delete, "k8s.delete")
  local result, failure
  for _, item in ipairs(listed) do
    for key, value in pairs(options) do item[3][key] = item[3][key] or value end
    result, failure = delete_one(client, item[1], item[2], item[3])
    if not result then return errors.give(client, failure) end
  end
  return result
end

return M
