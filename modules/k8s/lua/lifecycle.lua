-- What becomes of the objects that this worker makes and deletes, by two clocks: that of this
-- machine, when a watch has told of it, and the server's, as the conditions say it.
local raw, tools = ...

local metrics, record = raw.metrics, raw.record
local ipairs, type = ipairs, type

local MOST = 20000       -- objects of each of the two generations that are remembered
local MOST_EARLY = 1000  -- ... of those that a watch has shown before the call that made them ended
local MOST_GONE = 4000   -- ... of those that are gone, whose call or wait looks for them at once

local M = {}

local function new_memory(most) return { young = {}, old = {}, count = 0, most = most } end
local created, deleted, gone = new_memory(MOST), new_memory(MOST), new_memory(MOST_GONE)
local early = new_memory(MOST_EARLY)

local function remember(memory, uid, entry)
  if memory.count >= memory.most then
    memory.old, memory.young, memory.count = memory.young, {}, 0
  end
  memory.young[uid], memory.count = entry, memory.count + 1
end

local function recall(memory, uid) return memory.young[uid] or memory.old[uid] end

local function forget(memory, uid) memory.young[uid], memory.old[uid] = nil, nil end

local function label(entry, condition)
  local key = condition and entry.resource .. " " .. condition or entry.resource
  return key, { resource = entry.resource, condition = condition }
end

local function add(metric, value, entry, condition)
  local key, tags = label(entry, condition)
  record(metrics[metric], value, key, tags, entry.context)
end

-- Whether a condition was true before; now it is.
local function met(entry, name)
  entry.conditions = entry.conditions or {}
  local before = entry.conditions[name]
  entry.conditions[name] = true
  return before
end

local function add_condition(entry, condition, object, at)
  local name = condition.type
  if condition.status ~= "True" or met(entry, name) then return end
  add("created_to_condition", at - entry.began, entry, name)
  local from = tools.time_of(tools.path(object, "metadata", "creationTimestamp"))
  local to = tools.time_of(tools.field(condition, "lastTransitionTime"))
  -- The server's clock counts whole seconds.
  if from and to and to >= from then
    add("created_to_condition_server", (to - from) * 1000, entry, name)
  end
end

-- What a list shows may have been so for long: it is no measure of when it came about.
local function pass_over(entry, conditions)
  entry.seen = true
  for _, condition in ipairs(type(conditions) == "table" and conditions or {}) do
    if condition.status == "True" then met(entry, condition.type) end
  end
end

-- An object as a watch has told of it, at this instant; without one, as a list has.
function M.seen(object, at)
  local uid = tools.path(object, "metadata", "uid")
  local entry = uid and recall(created, uid)
  if not entry then
    if uid and at and not recall(early, uid) then
      remember(early, uid, { object = object, at = at })
    end
    return
  end
  local conditions = tools.path(object, "status", "conditions")
  if not at then return pass_over(entry, conditions) end
  if not entry.seen then
    entry.seen = true
    add("created_to_seen", math.max(at - entry.began, 0), entry)
  end
  for _, condition in ipairs(type(conditions) == "table" and conditions or {}) do
    add_condition(entry, condition, object, at)
  end
end

-- The call that has made this object began then.
function M.created(object, kind, began)
  local uid = tools.path(object, "metadata", "uid")
  if not uid then return end
  remember(created, uid, {
    began = began, resource = kind.plural, context = raw.context(),
  })
  local shown = recall(early, uid)
  if not shown then return end
  forget(early, uid)
  M.seen(shown.object, shown.at)
end

function M.deleted(object, kind, began)
  local uid = tools.path(object, "metadata", "uid") or tools.path(object, "details", "uid")
  if not uid then return end
  remember(deleted, uid, { began = began, resource = kind.plural, context = raw.context() })
end

-- Whether a watch has told that this object is gone, lately.
function M.is_gone(uid) return recall(gone, uid) ~= nil end

-- A watch has told that the object is gone, at this instant; without one, a list no longer has it.
function M.gone(uid, at)
  forget(created, uid)
  remember(gone, uid, true)
  local entry = recall(deleted, uid)
  if not entry then return end
  if not at then return forget(deleted, uid) end
  forget(deleted, uid)
  add("deleted_to_gone", math.max(at - entry.began, 0), entry)
end

return M
