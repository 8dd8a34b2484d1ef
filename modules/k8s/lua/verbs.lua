-- What is done to objects: the verbs of the API server.
local raw, tools, errors, objects, requests, discovery, lifecycle = ...

local ipairs, next, type = ipairs, next, type

local M = {}

local common = "namespace timeout dry_run subresource"
local known = {}
for verb, words in pairs({
  apply = common .. " field_manager force", create = common .. " field_manager",
  update = common .. " field_manager", get = common,
  list = "namespace timeout all_namespaces label_selector field_selector limit continue " ..
    "resource_version",
  patch = common .. " field_manager force type",
  delete = common .. " propagation grace_period wait",
  scale = "namespace timeout", request = "timeout content_type",
}) do
  known[verb] = tools.set_of(words)
end
M.known = known

local function check_name(name, what)
  if type(name) ~= "string" or not name:find("^[%w][%w._:~-]*$") then
    raw.fail(("%s: %s is no name of an object"):format(what, tostring(name)))
  end
end

-- The path of a kind's objects, of one of them if there is a name.
function M.path(client, kind, options, name, namespace)
  local path
  if kind.namespaced and not options.all_namespaces then
    path = kind.base .. "/namespaces/" .. (namespace or options.namespace or client.namespace) ..
      "/" .. kind.plural
  else
    path = kind.base .. "/" .. kind.plural
  end
  if not name then return path end
  return path .. "/" .. name .. (options.subresource and "/" .. options.subresource or "")
end

local function resource_of(kind, options)
  return options.subresource and kind.plural .. "/" .. options.subresource or kind.plural
end

local function call_of(client, verb, method, kind, options, name, given_namespace)
  local namespace = given_namespace or options.namespace or client.namespace
  return {
    verb = verb, resource = resource_of(kind, options), method = method,
    path = M.path(client, kind, options, name, namespace),
    kind = kind, name = name, namespace = namespace,
    timeout = tools.duration(options.timeout, "timeout", client.timeout),
  }
end

local function settled(client, value, failure)
  if failure then return errors.give(client, failure) end
  return value
end

-- Of an object ---------------------------------------------------------------------------------

local function write_query(client, options)
  if next(options) == nil then return client.write_query end
  return tools.query(
    "dryRun", options.dry_run and "All",
    "fieldManager", options.field_manager or client.field_manager,
    "force", options.force and "true")
end

-- Does something to each of the objects that a script gives: one, or a list of what came of each.
local function each(client, verb, given, act)
  local list, several = objects.read(given, "k8s." .. verb)
  local results = {}
  for i, object in ipairs(list) do
    local kind, failure = discovery.find_of(client, object)
    local result
    if kind then
      result, failure = act(object, kind, tools.path(object, "metadata", "namespace"))
    end
    if failure then return errors.give(client, failure) end
    results[i] = result
  end
  return several and raw.json.array(results) or results[1]
end

function M.apply(client, given, given_options)
  local options = tools.options(given_options, known.apply, "k8s.apply")
  return each(client, "apply", given, function(object, kind, namespace)
    local name = objects.name_of(object)
    check_name(name, "k8s.apply")
    local call = call_of(client, "apply", "PATCH", kind, options, name, namespace)
    call.path = call.path .. write_query(client, options)
    call.body, call.content_type = requests.encode(object), "application/apply-patch+yaml"
    local began = raw.now()
    local result, failure, status = requests.send(client, call)
    if status == 201 and not options.dry_run then lifecycle.created(result, kind, began) end
    return result, failure
  end)
end

function M.create(client, given, given_options)
  local options = tools.options(given_options, known.create, "k8s.create")
  return each(client, "create", given, function(object, kind, namespace)
    -- Subresources, such as an eviction, lie below the object's name.
    local name = options.subresource and objects.name_of(object) or nil
    local call = call_of(client, "create", "POST", kind, options, name, namespace)
    call.name = objects.name_of(object)
    call.path = call.path .. write_query(client, options)
    call.body, call.content_type = requests.encode(object), "application/json"
    local began = raw.now()
    local result, failure = requests.send(client, call)
    if result and not options.dry_run then lifecycle.created(result, kind, began) end
    return result, failure
  end)
end

function M.update(client, given, given_options)
  local options = tools.options(given_options, known.update, "k8s.update")
  return each(client, "update", given, function(object, kind, namespace)
    local name = objects.name_of(object)
    check_name(name, "k8s.update")
    local call = call_of(client, "update", "PUT", kind, options, name, namespace)
    call.path = call.path .. write_query(client, options)
    call.body, call.content_type = requests.encode(object), "application/json"
    return requests.send(client, call)
  end)
end

-- Of a name ------------------------------------------------------------------------------------

local function named(client, verb, method, kind_name, name, options)
  check_name(name, "k8s." .. verb)
  local kind, failure = discovery.find(client, kind_name)
  if not kind then return nil, nil, failure end
  return call_of(client, verb, method, kind, options, name), kind
end

function M.get(client, kind_name, name, given_options)
  local options = tools.options(given_options, known.get, "k8s.get")
  local call, _, failure = named(client, "get", "GET", kind_name, name, options)
  if not call then return errors.give(client, failure) end
  return settled(client, requests.send(client, call))
end

local patch_types = {
  merge = "application/merge-patch+json", json = "application/json-patch+json",
  strategic = "application/strategic-merge-patch+json", apply = "application/apply-patch+yaml",
}

-- A list is a JSON patch, a table a merge patch, unless the script says otherwise.
local function patch_type(patch, options)
  local name = options.type or (type(patch) == "table" and patch[1] ~= nil and "json") or "merge"
  return patch_types[name] or raw.fail(
    ("k8s.patch: type must be merge, json, strategic or apply, got %s"):format(tostring(name)))
end

function M.patch(client, kind_name, name, patch, given_options)
  local options = tools.options(given_options, known.patch, "k8s.patch")
  local content_type = patch_type(patch, options)
  local call, _, failure = named(client, "patch", "PATCH", kind_name, name, options)
  if not call then return errors.give(client, failure) end
  call.path = call.path .. write_query(client, options)
  call.body, call.content_type = requests.encode(patch), content_type
  return settled(client, requests.send(client, call))
end

-- Sets the replicas, or reads the scale where there is no number.
function M.scale(client, kind_name, name, replicas, given_options)
  local options = tools.options(given_options, known.scale, "k8s.scale")
  local of_scale = {
    namespace = options.namespace, timeout = options.timeout, subresource = "scale",
  }
  if replicas == nil then return M.get(client, kind_name, name, of_scale) end
  of_scale.type = "merge"
  return M.patch(client, kind_name, name, { spec = { replicas = replicas } }, of_scale)
end

-- Deletes without waiting. Returns what the server says, the kind, and nil, or a failure last.
function M.delete_now(client, kind_name, name, options)
  local call, kind, failure = named(client, "delete", "DELETE", kind_name, name, options)
  if not call then return nil, nil, failure end
  call.path = call.path .. tools.query("dryRun", options.dry_run and "All")
  if options.propagation ~= nil or options.grace_period ~= nil then
    call.content_type = "application/json"
    call.body = requests.encode({
      kind = "DeleteOptions", apiVersion = "v1", propagationPolicy = options.propagation,
      gracePeriodSeconds = options.grace_period,
    })
  end
  local began = raw.now()
  local result
  result, failure = requests.send(client, call)
  if result and not options.dry_run then lifecycle.deleted(result, kind, began) end
  return result, kind, failure
end

-- As `get`, of a kind that was found, for those who ask whether it is still there.
function M.look_for(client, kind, name, namespace)
  local call = call_of(client, "get", "GET", kind, {}, name, namespace)
  call.expected = 404
  return requests.send(client, call)
end

-- Lists ----------------------------------------------------------------------------------------

-- One page, or nil and a failure; `token` is where it begins.
local function page_of(client, kind, options, token)
  local call = call_of(client, "list", "GET", kind, options)
  call.path = call.path .. tools.query(
    "labelSelector", options.label_selector, "fieldSelector", options.field_selector,
    "limit", options.limit, "continue", token,
    "resourceVersion", not token and options.resource_version)
  if options.all_namespaces then call.namespace = nil end
  return requests.send(client, call)
end

-- All pages, put together. A token that has expired comes with one to go on with.
function M.pages(client, kind, options)
  local whole, token = nil, nil
  repeat
    local page, failure = page_of(client, kind, options, token)
    if page then
      token = tools.path(page, "metadata", "continue")
      if whole then
        for _, item in ipairs(page.items) do whole.items[#whole.items + 1] = item end
      else
        whole = page
      end
    else
      local next_token = failure.code == 410 and token and failure.next_token
      if not next_token then return nil, failure end
      token = next_token
    end
  until not token or token == ""
  whole.metadata.continue = nil
  return whole
end

function M.list(client, kind_name, given_options)
  local options = tools.options(given_options, known.list, "k8s.list")
  local kind, failure = discovery.find(client, kind_name)
  if not kind then return errors.give(client, failure) end
  local list
  if options.continue ~= nil then
    list, failure = page_of(client, kind, options, options.continue or nil)
  else
    list, failure = M.pages(client, kind, options)
  end
  return settled(client, list, failure)
end

-- Anything else: method, path with its query, and a body, a table or text.
function M.request(client, method, path, body, given_options)
  local options = given_options or {}
  tools.check_keys(options, known.request, "k8s.request")
  return settled(client, requests.send(client, {
    verb = method:lower(), resource = "request", method = method:upper(), path = path,
    body = body ~= nil and requests.encode(body) or nil,
    content_type = body ~= nil and (options.content_type or "application/json") or nil,
    timeout = tools.duration(options.timeout, "timeout", client.timeout),
    what = method:upper() .. " " .. path,
  }))
end

M.find = discovery.find
M.find_of = discovery.find_of

return M
