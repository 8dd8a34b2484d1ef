-- One watch of a kind in a namespace, for all VUs of the worker that wait for such objects. It runs
-- beside the load and keeps what it has been told: a list first, then the changes. Where it breaks
-- it goes on from its last version; where the server has forgotten that one, or was another one
-- meanwhile, it lists anew and compares, so that no deletion is missed.
local raw, tools, errors, requests, lifecycle = ...

local metrics, record, now = raw.metrics, raw.record, raw.now
local ipairs, next = ipairs, next

local PAGE = 500
local SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5  -- seconds before a watch is tried again
local SHORTEST_WATCH = 1000                   -- ms: one that ends sooner is not begun anew at once
local IDLE = 60000                            -- ms: a watch that nobody has used for so long ends

local M = {}
local by_key = {}

local function key_of(object)
  local metadata = object.metadata
  return (metadata.namespace or "") .. "/" .. metadata.name
end

-- The signals of a watch begin alike.
local function signal_of(store, key) return store.signals .. key end
M.signal_of = signal_of

-- Whoever waits for this object looks at it again.
local function notify(store, key) raw.notify(signal_of(store, key)) end

local function notify_all(store) raw.notify_all(store.signals) end

-- `at` is the instant of an event, nil for what a list shows.
local function put(store, object, at)
  local key = key_of(object)
  object.metadata.managedFields = nil
  store.objects[key] = object
  lifecycle.seen(object, at)
  notify(store, key)
end

local function remove(store, key, at)
  local before = store.objects[key]
  store.objects[key] = nil
  if before then lifecycle.gone(before.metadata.uid, at) end
  notify(store, key)
end

-- Failures that waiting does not mend.
local final = { [400] = true, [403] = true, [404] = true, [405] = true }
local function mends(failure) return not final[failure.code] end

-- Listing --------------------------------------------------------------------------------------

local function list_page(store, token)
  return requests.send(store.client, {
    verb = "list", resource = store.kind.plural, method = "GET",
    what = "list " .. store.kind.plural,
    path = store.path .. tools.query("limit", PAGE, "continue", token), mends = mends,
  })
end

-- A list whose token has expired begins again: what it had is of another version.
local function list_all(store)
  local items, token = {}, nil
  while true do
    local page, failure = list_page(store, token)
    if page then
      for _, item in ipairs(page.items) do items[#items + 1] = item end
      store.version = page.metadata.resourceVersion
      token = tools.field(page.metadata, "continue")
      if not token or token == "" then return items end
    elseif failure.code == 410 and token then
      items, token = {}, nil
    else
      return nil, failure
    end
  end
end

local function relist(store)
  local items, failure = list_all(store)
  if not items then return failure end
  local present = {}
  for _, item in ipairs(items) do
    item.apiVersion, item.kind = item.apiVersion or store.kind.api_version, store.kind.kind
    local key = key_of(item)
    present[key] = true
    local before = store.objects[key]
    -- One of another uid under the same name is a new one: the first has gone unseen.
    if before and before.metadata.uid ~= item.metadata.uid then remove(store, key) end
    if not before or before.metadata.resourceVersion ~= item.metadata.resourceVersion then
      put(store, item)
    end
  end
  for key in next, store.objects do
    if not present[key] then remove(store, key) end
  end
  store.listed = true
  notify_all(store)
end

-- Watching -------------------------------------------------------------------------------------

-- Returns "gone" where the watch can't go on from this version.
local function take(store, event, at)
  local object = event.object
  if event.type == "ERROR" then
    return object.code == 410 and "gone" or "failed"
  end
  store.version = object.metadata.resourceVersion
  if event.type == "BOOKMARK" then return end
  record(metrics.watch_events, 1, store.kind.plural, store.tags)
  if event.type == "DELETED" then
    remove(store, key_of(object), at)
  else
    put(store, object, at)
  end
end

local function unused(store)
  if raw.awaited(store.signals) then store.used = now() end
  return now() - store.used > IDLE
end

-- Reads until the stream ends. Returns why: "ended", "gone", "failed", or "unused".
local function read(store, stream, began)
  local lines = stream:lines()
  while true do
    -- A connection that is lost raises an error here.
    local ok, line, ms = pcall(lines)
    if not ok or not line then return "ended" end
    local event = tools.decode(line)
    if not event then return "failed" end
    local ended = take(store, event, began + ms)
    if ended then return ended end
    if unused(store) then
      stream:close()
      return "unused"
    end
  end
end

local function watch(store)
  local stream, began = requests.open(store.client, {
    verb = "watch", resource = store.kind.plural, what = "watch " .. store.kind.plural,
    path = store.path .. tools.query(
      "watch", "true", "allowWatchBookmarks", "true", "resourceVersion", store.version,
      "timeoutSeconds", math.random(240, 480)),
    mends = mends,
  })
  if not stream then
    local failure = began
    return failure.code == 410 and "gone" or "failed", failure
  end
  return read(store, stream, began)
end

-- What the next round is to do, and whether it may begin at once.
local function after(store, reason, failure)
  if failure and final[failure.code] then
    store.failure = failure
    return "end"
  end
  store.last_failure = failure
  record(metrics.watch_restarts, 1, store.kind.plural .. " " .. reason,
    { resource = store.kind.plural, reason = reason })
  if reason == "gone" or reason == "failed" then store.listed = false end
  if reason == "failed" then
    store.pause = math.min(store.pause * 2, LONGEST_PAUSE)
    raw.core.sleep(store.pause)
  end
end

local function round(store)
  if not store.listed then
    local failure = relist(store)
    if failure then return after(store, "failed", failure) end
  end
  store.pause = SHORTEST_PAUSE
  local began = now()
  local reason, failure = watch(store)
  if reason == "unused" then return "end" end
  if reason ~= "failed" and now() - began < SHORTEST_WATCH then raw.core.sleep(SHORTEST_PAUSE) end
  return after(store, reason, failure)
end

local function run(store)
  local ok, message
  repeat
    ok, message = pcall(round, store)
  until not ok or message == "end"
  by_key[store.name] = nil
  if not ok then store.failure = errors.new("watch", 0, "Error", tostring(message)) end
  store.ended = true
  notify_all(store)
end

-- The watch of a kind in a namespace, which is nil for kinds without; begun if nobody has yet.
function M.of(client, kind, namespace)
  local path = kind.base .. (namespace and "/namespaces/" .. namespace or "") .. "/" .. kind.plural
  local name = client.config.id .. " " .. path
  local store = by_key[name]
  if not store then
    store = {
      name = name, signals = name .. " ", path = path, kind = kind,
      client = requests.beside_load(client), objects = {},
      pause = SHORTEST_PAUSE, tags = { resource = kind.plural }, used = now(),
    }
    by_key[name] = store
    raw.background(function() run(store) end)
  end
  store.used = now()
  return store
end

return M
