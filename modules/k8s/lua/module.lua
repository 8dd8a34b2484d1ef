-- perigee.k8s: a client of Kubernetes' API server on perigee.http. What Lua can't do is in `raw`:
-- files, programs, metrics, signals between VUs, functions that run beside the load.
local raw, guard = ...

local load = raw.load

local tools = load("tools", raw)
local objects = load("objects", raw, tools)
local errors = load("errors", raw)
local config = load("config", raw, tools)
local requests = load("requests", raw, tools, errors, config)
local discovery = load("discovery", raw, tools, errors, requests)
local lifecycle = load("lifecycle", raw, tools)
local verbs = load("verbs", raw, tools, errors, objects, requests, discovery, lifecycle)
local watches = load("watches", raw, tools, errors, requests, lifecycle)
local conditions = load("conditions", raw, tools)
local wait = load("wait", raw, tools, errors, objects, verbs, watches, conditions,
  lifecycle)
local pods = load("pods", raw, tools, errors, requests, verbs, wait)
local events = load("events", raw, tools, errors, requests, verbs)

local methods = {
  apply = verbs.apply, create = verbs.create, update = verbs.update, get = verbs.get,
  list = verbs.list, patch = verbs.patch, delete = wait.delete, scale = verbs.scale,
  request = verbs.request, wait = wait.wait, logs = pods.logs, exec = pods.exec,
  watch = events.watch,
}

local meta = { __metatable = false }

local function new_client(settings)
  return setmetatable(requests.new_client(settings), meta)
end

-- That of the functions of the module, made when one of them is first called.
local function default_client()
  local own = raw.own_table()
  if not own.default then own.default = new_client({}) end
  return own.default
end

local functions = {
  client = function(settings) return new_client(settings or {}) end,
}
for name, method in next, methods do
  functions[name] = function(...) return method(default_client(), ...) end
end

guard.all("k8s_client:", methods, meta)
meta.__index = methods

return functions
