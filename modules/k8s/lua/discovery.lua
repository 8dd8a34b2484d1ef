-- Which kinds a cluster has: two requests for all VUs of a worker, and again where a kind is asked
-- for that was not there.
local raw, tools, errors, requests = ...

local ipairs, type = ipairs, type

local M = {}

local AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList," ..
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
local SHORTEST_AGE = 1000  -- ms before a kind that was not there is looked for again

local by_config = {}  -- what is known, by the number of a configuration

local function add_name(known, name, kind)
  if type(name) ~= "string" or name == "" then return end
  name = name:lower()
  local suffix = kind.group ~= "" and "." .. kind.group or ""
  for _, spelling in ipairs({
    name, name .. suffix, name .. "." .. kind.version .. suffix, kind.api_version .. "/" .. name,
  }) do
    if not known[spelling] then known[spelling] = kind end
  end
end

local function add_kind(known, group, version, resource)
  local api_version = group ~= "" and group .. "/" .. version or version
  local kind = {
    group = group, version = version, api_version = api_version,
    kind = resource.kind, plural = resource.plural, namespaced = resource.namespaced,
    base = (group ~= "" and "/apis/" or "/api/") .. api_version,
  }
  for _, name in ipairs({ resource.kind, resource.plural, resource.singular }) do
    add_name(known, name, kind)
  end
  for _, name in ipairs(resource.short_names or {}) do add_name(known, name, kind) end
end

-- The lists of servers that aggregate them.
local function add_groups(known, list)
  for _, group in ipairs(tools.field(list, "items") or {}) do
    for _, version in ipairs(tools.field(group, "versions") or {}) do
      for _, resource in ipairs(tools.field(version, "resources") or {}) do
        add_kind(known, tools.path(group, "metadata", "name") or "", version.version, {
          kind = tools.path(resource, "responseKind", "kind"), plural = resource.resource,
          singular = resource.singularResource, short_names = tools.field(resource, "shortNames"),
          namespaced = resource.scope == "Namespaced",
        })
      end
    end
  end
end

local function ask(client, path)
  return requests.send(client, {
    verb = "get", resource = "discovery", method = "GET", path = path, accept = AGGREGATED,
    what = "discover " .. path,
  })
end

-- Those of older servers: a list of each group and version.
local function add_version(client, known, group, version)
  local path = (group ~= "" and "/apis/" .. group or "/api") .. "/" .. version
  local list, failure = ask(client, path)
  if not list then return failure end
  for _, resource in ipairs(tools.field(list, "resources") or {}) do
    if not resource.name:find("/", 1, true) then
      add_kind(known, group, version, {
        kind = resource.kind, plural = resource.name, singular = resource.singularName,
        short_names = tools.field(resource, "shortNames"), namespaced = resource.namespaced,
      })
    end
  end
end

local function add_all(client, known, list)
  if list.kind == "APIGroupDiscoveryList" then return add_groups(known, list) end
  for _, version in ipairs(tools.field(list, "versions") or {}) do
    local failure = add_version(client, known, "", version)
    if failure then return failure end
  end
  for _, group in ipairs(tools.field(list, "groups") or {}) do
    for _, version in ipairs(group.versions) do
      -- One whose own server is away must not hide the others.
      add_version(client, known, group.name, version.version)
    end
  end
end

local function discover(client, state)
  local known = {}
  for _, path in ipairs({ "/api", "/apis" }) do
    local list, failure = ask(client, path)
    if list then failure = add_all(client, known, list) end
    if failure then return failure end
  end
  state.known, state.at = known, raw.now()
end

-- Runs beside the load, so that no VU that is cut off leaves the others waiting.
local function run(client, state)
  local ok, failure = pcall(discover, client, state)
  if not ok then failure = errors.new("discovery", 0, "Error", tostring(failure)) end
  state.running, state.failure = false, failure
  raw.notify("discovery " .. client.config.id)
end

-- Whoever comes first starts it; all wait for it. Returns a failure.
local function refresh(client, state)
  if not state.running then
    state.running = true
    raw.background(function() run(requests.beside_load(client), state) end)
  end
  if not raw.await("discovery " .. client.config.id, client.timeout) then
    return errors.new("discovery", 0, "Timeout", "the API server has not answered in time")
  end
  return state.failure
end

local function state_of(client)
  local id = client.config.id
  if not by_config[id] then by_config[id] = { known = {}, at = -math.huge } end
  return by_config[id]
end

local function no_kind(name)
  return ("the cluster has no kind \"%s\" (a kind, its plural or short name, with its group " ..
    "behind a dot where several have it)"):format(name)
end

-- The kind that a script names: "Pod", "pods", "deploy", "Model.mlops.seldon.io",
-- "apps/v1/Deployment". Returns it, or nil and a failure.
function M.find(client, name)
  local state, spelling = state_of(client), name:lower()
  if not state.known[spelling] and raw.now() - state.at > SHORTEST_AGE then
    local failure = refresh(client, state)
    if failure then return nil, failure end
  end
  local kind = state.known[spelling]
  if kind then return kind end
  return nil, errors.new("find the kind", 0, "NoKind", no_kind(name))
end

function M.find_of(client, object)
  return M.find(client, object.apiVersion .. "/" .. object.kind)
end

return M
