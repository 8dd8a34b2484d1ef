-- The functions of perigee.avro. Schemas are in C++; the schema registry is a client on
-- perigee.http. Messages have a frame for it: a zero byte and the four of the number of
-- their schema.
local raw, guard, with_definitions = ...
local parse, fail, http, json, core = raw.parse, raw.fail, raw.http, raw.json, raw.core

local byte, char, error, floor, ipairs, next, os_time, pcall, setmetatable, sub, tostring, type =
  string.byte, string.char, error, math.floor, ipairs, next, os.time, pcall, setmetatable,
  string.sub, tostring, type

local avro = { parse = parse }

local FRAME = 5
local MAX_ID = 2 ^ 31 - 1

function avro.frame(id, bytes)
  if id < 0 or id > MAX_ID or id % 1 ~= 0 then
    fail("avro.frame: the number of a schema is whole, from 0 to 2147483647")
  end
  return char(0, floor(id / 2 ^ 24), floor(id / 2 ^ 16) % 256, floor(id / 2 ^ 8) % 256, id % 256)
    .. bytes
end

function avro.unframe(bytes)
  local mark, a, b, c, d = byte(bytes, 1, FRAME)
  if mark ~= 0 or not d then
    fail("avro.unframe: these bytes have no frame, which is a zero byte and four of a number")
  end
  return ((a * 256 + b) * 256 + c) * 256 + d, sub(bytes, FRAME + 1)
end

-- How long others wait for the VU that asks the registry; it may have been interrupted.
local PATIENCE_SECONDS = 10
local POLL_SECONDS = 0.005

-- The value of `key`, which one VU of the worker fetches for all.
local function once(cache, key, fetch)
  local found = cache[key]
  while found and found.until_time and os_time() < found.until_time do
    core.sleep(POLL_SECONDS)
    found = cache[key]
  end
  if found and found.value then return found.value end
  cache[key] = { until_time = os_time() + PATIENCE_SECONDS }
  local ok, value = pcall(fetch)
  if not ok then
    cache[key] = nil
    error(value, 0)
  end
  cache[key] = { value = value }
  return value
end

local function reason_of(res)
  if res.status == 0 then return res.error end
  return "status " .. res.status .. " " .. (res.body or "")
end

local function call(registry, method, path, body)
  local url = registry.url .. path
  local params = { tags = { name = "schema registry" } }
  for name, value in next, registry.params do params[name] = value end
  if body then
    local headers = { ["Content-Type"] = "application/vnd.schemaregistry.v1+json" }
    for name, value in next, params.headers or {} do headers[name] = value end
    params.headers, body = headers, json.encode(body)
  end
  local res = http.request(method, url, body, params)
  if res.status ~= 200 then
    fail(method .. " " .. url .. ": " .. reason_of(res))
  end
  local ok, answer = pcall(json.decode, res.body)
  if not ok or type(answer) ~= "table" then
    fail(url .. " answers with what is no schema registry's: " .. (res.body or ""))
  end
  return answer
end

-- Subjects may have any characters.
local function escaped(text)
  return (text:gsub("[^%w._~-]", function(c) return ("%%%02X"):format(byte(c)) end))
end

local function fetch(registry, subject, version)
  return call(registry, "GET", "/subjects/" .. escaped(subject) .. "/versions/" .. version)
end

-- Adds the texts of the types that these references name, and of those which these refer to.
local function add_definitions(registry, references, definitions)
  for _, reference in ipairs(type(references) == "table" and references or {}) do
    if not definitions[reference.name] then
      local answer = fetch(registry, reference.subject, reference.version)
      definitions[reference.name] = answer.schema
      add_definitions(registry, answer.references, definitions)
    end
  end
end

local function parse_with(registry, text, references)
  if type(references) ~= "table" or not references[1] then return parse(text) end
  local definitions = {}
  add_definitions(registry, references, definitions)
  return parse(with_definitions(text, definitions))
end

local function schema_in(registry, answer, what)
  local kind = answer.schemaType
  if kind and kind ~= json.null and kind ~= "AVRO" then
    fail(what .. " is in " .. kind .. ", not in Avro")
  end
  return parse_with(registry, answer.schema, answer.references)
end

local methods = {}

function methods.schema(registry, id)
  return once(registry.by_id, id, function()
    local answer = call(registry, "GET", ("/schemas/ids/%d"):format(id))
    return schema_in(registry, answer, "schema " .. id)
  end)
end

function methods.subject(registry, subject, version)
  version = version or "latest"
  local found = once(registry.by_subject, subject .. "/" .. version, function()
    local answer = fetch(registry, subject, version)
    return { id = answer.id, schema = schema_in(registry, answer, subject) }
  end)
  return found.schema, found.id
end

local known_of_reference = { name = true, subject = true, version = true }

local function check_references(references)
  for i, reference in ipairs(references) do
    local is_whole = type(reference) == "table" and reference.name and reference.subject and
      reference.version
    for name in next, is_whole and reference or {} do
      is_whole = is_whole and known_of_reference[name]
    end
    if not is_whole then
      fail("registry:register: references[" .. i .. "] must be like " ..
        "{ name = \"shop.Item\", subject = \"item\", version = 1 }")
    end
  end
end

function methods.register(registry, subject, text, references)
  check_references(references or {})
  return once(registry.registered, subject .. "\0" .. text, function()
    parse_with(registry, text, references)
    return call(registry, "POST", "/subjects/" .. escaped(subject) .. "/versions",
      { schema = text, references = references }).id
  end)
end

function methods.encode(registry, subject, value, version)
  local schema, id = methods.subject(registry, subject, version)
  return avro.frame(id, schema:encode(value))
end

function methods.decode(registry, bytes)
  local id, rest = avro.unframe(bytes)
  return methods.schema(registry, id):decode(rest), id
end

local meta = { __metatable = false }
guard.all("registry:", methods, meta)
meta.__index = methods

-- What the VUs of the worker have fetched, by the registry's URL.
local fetched = {}

local known = { url = true, params = true }

function avro.registry(settings)
  for name in next, settings do
    if not known[name] then
      fail("avro.registry: there is no setting \"" .. tostring(name) ..
        "\"; there are url and params")
    end
  end
  local url = settings.url
  if type(url) ~= "string" or not url:find("^https?://[^/]") then
    fail("avro.registry: url must be that of the registry: url = \"http://127.0.0.1:8081\"")
  end
  url = url:gsub("/+$", "")
  fetched[url] = fetched[url] or { by_id = {}, by_subject = {}, registered = {} }
  local own = fetched[url]
  return setmetatable({
    url = url, params = settings.params or {},
    by_id = own.by_id, by_subject = own.by_subject, registered = own.registered,
  }, meta)
end

guard.all("avro.", avro)
return avro
