-- k8s.watch: a watch of the VU's own, for scripts that look at every event themselves.
local raw, tools, errors, requests, verbs = ...

local now = raw.now

local M = {}

local known = tools.set_of [[
  namespace all_namespaces label_selector field_selector resource_version timeout]]

-- The server ends it at the time limit, which it takes in whole seconds.
local function open(client, state, left)
  local seconds = math.ceil(left / 1000)
  return requests.open(client, {
    verb = "watch", resource = state.kind.plural, what = "watch " .. state.kind.plural,
    timeout = (seconds + 10) * 1000,
    mends = function(failure) return state.opened and failure.reason == "Connection" end,
    path = state.path .. tools.query(
      "watch", "true", "allowWatchBookmarks", "true",
      "labelSelector", state.options.label_selector, "fieldSelector", state.options.field_selector,
      "resourceVersion", state.version, "timeoutSeconds", seconds),
  })
end

-- The next line of the watch, which is opened again where it has ended; nil at its time limit, with
-- a failure if that is why.
local function next_line(client, state)
  while true do
    local left = state.deadline - now()
    if left <= 0 then return nil end
    if not state.lines then
      local stream, failure = open(client, state, left)
      if stream then
        state.stream, state.lines, state.opened = stream, stream:lines(), true
      elseif not state.opened or failure.reason ~= "Connection" then
        return nil, failure
      end
    end
    if state.lines then
      -- A connection that is lost raises an error here.
      local ok, line = pcall(state.lines)
      if ok and line then return line end
      state.lines = nil
    end
    -- A server that closes at once, or is away, is not asked without a pause.
    raw.core.sleep(0.05)
  end
end

-- The next event, without bookmarks. A history that is gone begins anew with what there is.
local function next_event(client, state)
  while true do
    local line, failure = next_line(client, state)
    if not line then return nil, failure end
    local event = tools.decode(line)
    if not event then return nil, errors.new("watch", 0, "Unreadable", line:sub(1, 200)) end
    if event.type == "ERROR" then
      if event.object.code ~= 410 then
        return nil, errors.of_status("watch " .. state.kind.plural, event.object.code, event.object)
      end
      state.stream:close()
      state.version, state.lines = nil, nil
    else
      state.version = tools.path(event.object, "metadata", "resourceVersion")
      if event.type ~= "BOOKMARK" then return event end
    end
  end
end

-- for event in client:watch("Pod", { timeout = "10s" }): event.type is ADDED, MODIFIED or DELETED.
-- What there is comes first, as ADDED.
function M.watch(client, kind_name, given_options)
  local options = tools.options(given_options, known, "k8s.watch")
  local kind, failure = verbs.find(client, kind_name)
  if not kind then raw.fail(failure.text) end
  local limit = tools.duration(options.timeout, "k8s.watch: timeout", 60000)
  local state = {
    kind = kind, options = options, path = verbs.path(client, kind, options),
    version = options.resource_version, deadline = now() + limit,
  }
  return function()
    local event, why = next_event(client, state)
    if why then raw.fail(why.text) end
    return event
  end
end

return M
