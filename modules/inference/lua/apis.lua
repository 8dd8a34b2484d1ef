-- Which API the server speaks, and questions that wait for a server that isn't there yet.
local raw, words, kfs, tfs, rest, tfs_rest = ...
local core = raw.core
local concat, ipairs = table.concat, ipairs

local apis = {}

-- Those that the settings allow, in the order in which they are tried. In the script's main part.
function apis.open(settings)
  local list = {}
  local any = settings.api == "auto"
  if settings.grpc_port and (any or settings.api == "KFS") then
    list[#list + 1] = kfs.open(settings)
  end
  if settings.grpc_port and (any or settings.api == "TFS") then
    list[#list + 1] = tfs.open(settings)
  end
  if settings.rest_port and (any or settings.api == "REST") then
    list[#list + 1] = rest.open(settings)
  end
  if settings.rest_port and (any or settings.api == "TFS-REST") then
    list[#list + 1] = tfs_rest.open(settings)
  end
  return list
end

local function place_of(api)
  return api.address or api.base
end

-- Asks until there is a response or a failure that won't pass, a second apart.
function apis.wait(settings, what, ask)
  local said
  for try = 1, settings.tries do
    local value, failure, asked = ask()
    if value or not failure.wait then return value, failure, asked end
    if try == settings.tries then return nil, failure end
    -- Once for each reason.
    if failure.text ~= said then
      raw.warn(("waiting for %s, up to %d s: %s"):format(what, settings.tries, failure.text))
    end
    said = failure.text
    core.sleep(1)
  end
end

-- The first of the list whose server says what it is; another kind of server says that it does not
-- know the question.
local function first_that_speaks(settings, list)
  local reasons, wait = {}, false
  for _, api in ipairs(list) do
    local server, failure = api:server(settings)
    if server then return { api = api, server = server } end
    reasons[#reasons + 1] = ("%s at %s: %s"):format(api.name, place_of(api), failure.text)
    wait = wait or failure.wait
  end
  return nil, words.failure(concat(reasons, "; "), { wait = wait })
end

-- The API and what the server says of itself, or nil and the failure.
function apis.find(settings, list)
  local found, failure = apis.wait(settings, "the server", function()
    return first_that_speaks(settings, list)
  end)
  if not found then return nil, failure end
  if found.api.learn then found.api:learn(found.server) end
  return found
end

-- One that lists models over HTTP, if there is a port for it.
function apis.lister(list)
  return apis.named(list, "REST") or apis.named(list, "TFS-REST")
end

function apis.named(list, name)
  for _, api in ipairs(list) do
    if api.name == name then return api end
  end
end

return apis
