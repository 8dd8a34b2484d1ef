-- perigee.storage: what is kept in buckets and folders, by URIs.
local raw = ...

local load = raw.load
local tools = load("tools", raw)
local requests = load("requests", raw)
local aws = load("aws", raw, tools, requests)
local bodies = load("bodies", raw)
local journals = load("journal", raw, tools)
local azure = load("azure", raw, tools, requests)
local google = load("google", raw, tools, requests)
local oracle = load("oracle", raw, tools, requests)
local uris = load("uri", raw)

local kinds = {
  az = load("az", raw, tools, requests, azure, bodies, journals),
  folder = load("folder", raw, tools),
  github = load("github", raw, tools, requests, bodies),
  gs = load("gs", raw, tools, requests, google, bodies, journals),
  oci = load("oci", raw, tools, requests, oracle, bodies, journals),
  s3 = load("s3", raw, tools, requests, aws, bodies, journals),
}

local known_options = tools.set_of "content_type timeout part_size file resume"
for _, kind in pairs(kinds) do
  for name in pairs(kind.settings or {}) do known_options[name] = true end
end

local content_types = {
  csv = "text/csv", gz = "application/gzip", html = "text/html; charset=utf-8",
  json = "application/json", jsonl = "application/x-ndjson", lua = "text/x-lua",
  md = "text/markdown; charset=utf-8", ndjson = "application/x-ndjson",
  txt = "text/plain; charset=utf-8", xml = "application/xml",
}

-- Failures begin with where they are.
local function with_place(uri, result, failure)
  if failure then failure.text = uri .. ": " .. failure.text end
  return result, failure
end

local function open(uri, options, what)
  tools.check_keys(options, known_options, what)
  local place = uris.parse(uri)
  local kind = kinds[place.kind]
  return kind, kind.open(place, options), place.path
end

local function check_name(uri, path)
  if path == "" or path:sub(-1) == "/" then
    raw.fail(("\"%s\" names a folder: a name belongs behind it"):format(uri))
  end
end

local function source_of(data)
  if type(data) == "string" then return { data = data, size = #data } end
  if type(data) == "table" and type(data.file) == "string" then
    return { path = data.file, size = raw.size_of(data.file) }
  end
  return raw.fail('storage.put: data is a string, or { file = "path" }')
end

local function put(uri, data, options)
  options = options or {}
  local kind, store, path = open(uri, options, "storage.put")
  check_name(uri, path)
  local settings = setmetatable({
    content_type = options.content_type or content_types[path:match("%.(%w+)$") or ""]
      or "application/octet-stream",
  }, { __index = options })
  local done, failure = kind.put(store, path, source_of(data), settings)
  if done then done.uri = uri end
  return with_place(uri, done, failure)
end

local function get(uri, options)
  options = options or {}
  local kind, store, path = open(uri, options, "storage.get")
  check_name(uri, path)
  return with_place(uri, kind.get(store, path, options.file, options))
end

local function list(uri, options)
  options = options or {}
  local kind, store, path = open(uri, options, "storage.list")
  local items, failure = kind.list(store, path, options)
  for _, item in ipairs(items or {}) do item.uri = uris.below(uri, item.name) end
  return with_place(uri, items, failure)
end

local function delete(uri, options)
  options = options or {}
  local kind, store, path = open(uri, options, "storage.delete")
  check_name(uri, path)
  return with_place(uri, kind.delete(store, path, options))
end

-- The files of a path with the names that they get below a URI.
local function files_of(path, uri)
  local kind = raw.kind_of(path)
  if not kind then raw.fail(("there is no file or folder %s"):format(path)) end
  if kind ~= "folder" then
    local is_folder = uri:sub(-1) == "/" or uri:find("^%w+://[^/]*$")
    local name = path:match("([^/]+)$")
    return { { path = path, uri = is_folder and uris.below(uri, name) or uri } }
  end
  local files = {}
  for _, file in ipairs(raw.list_files(path)) do
    if not journals.is_one(file[1]) then
      files[#files + 1] = { path = uris.below(path, file[1]), uri = uris.below(uri, file[1]) }
    end
  end
  return files
end

local function upload(path, uri, options)
  uris.parse(uri)
  tools.check_keys(options or {}, known_options, "storage.upload")
  local files = files_of(path, uri)
  options = setmetatable({ resume = true }, { __index = options })
  for _, file in ipairs(files) do
    local done, failure = put(file.uri, { file = file.path }, options)
    if not done then return nil, failure end
    file.size, file.resumed = done.size, done.resumed
  end
  return files
end

-- What a URI says: kind, path and, of a bucket, bucket and region.
local function parse(uri)
  return uris.parse(uri)
end

return {
  parse = parse, put = put, get = get, list = list, delete = delete, upload = upload,
}
