-- Storage in OCI's Object Storage. The server compares each body with its MD5, and so is what comes
-- of what was put as a whole.
local raw, tools, requests, oracle, bodies, journals = ...

local M = {}

local PART = 64 * 1048576
local MAX_PARTS = 10000

M.settings = tools.set_of [[
  oci_auth oci_config_file oci_profile oci_security_token oci_region endpoint]]

local known = {}

function M.open(place, options)
  local words, settings = { place.namespace, place.bucket }, {}
  for _, name in ipairs(tools.sorted_keys(M.settings)) do
    words[#words + 1] = tostring(options[name])
    settings[name] = options[name]
  end
  local key = table.concat(words, "\n")
  known[key] = known[key] or {
    root = ("/n/%s/b/%s"):format(place.namespace, place.bucket), oracle = oracle.new(settings),
    endpoint = options.endpoint,
  }
  return known[key]
end

local function failure_of(what, res)
  if res.status == 0 then return tools.failure(what, 0, "Connection", res.error) end
  local value = tools.decode(res.body)
  local code = value.code or (res.status_text or ""):match("^%d+ (.+)") or "Unknown"
  return tools.failure(what, res.status, tostring(code), tostring(value.message or ""))
end

local function base_of(store, found)
  if store.endpoint then return store.endpoint:gsub("/+$", "") end
  local region = oracle.region(store.oracle, found)
  return region and ("https://objectstorage.%s.%s"):format(region, found.domain
    or "oraclecloud.com")
end

-- Sends a call: what (in words), method, path below the bucket, query, headers, source, timeout,
-- receive, is_object (whose body no signature holds). Returns the response, or nil and the failure.
local function send(store, call)
  local found, reason = oracle.find(store.oracle)
  if not found then return nil, tools.failure(call.what, 0, "Credentials", reason) end
  local base = base_of(store, found)
  if not base then
    return nil, tools.failure(call.what, 0, "Credentials",
      "no region: say oci_region, OCI_CLI_REGION, or region in the profile")
  end
  local query = call.query and "?" .. tools.query(call.query) or ""
  local url = base .. store.root .. call.path .. query
  local function headers_of()
    found, reason = oracle.find(store.oracle)
    if not found then return nil end
    return oracle.sign_with(found, {
      method = call.method, url = url, headers = call.headers,
      body = call.source and call.source.data,
    }, { without_body = call.is_object })
  end
  local res = requests.send {
    method = call.method, label = "oci " .. call.what, timeout = call.timeout,
    receive = call.receive,
    again = function(response)
      -- A token that is refused may have become another one.
      local may_help = response.status == 401 and store.oracle.found
        and store.oracle.found.expires ~= nil
      if may_help then store.oracle.found = nil end
      return may_help
    end,
    make = function() return url, headers_of(), bodies.of(call.source) end,
  }
  if reason then return nil, tools.failure(call.what, 0, "Credentials", reason) end
  if res.status >= 200 and res.status < 300 then return res end
  return nil, failure_of(call.what, res)
end

local function md5_of(source) return raw.encoding.b64encode(bodies.digest(source, "md5")) end

local function object_path(kind, name) return "/" .. kind .. "/" .. tools.url_encode(name, true) end

local function put_whole(store, name, source, options)
  local res, failure = send(store, {
    what = "put", method = "PUT", path = object_path("o", name), source = source,
    is_object = true, timeout = options.timeout or "10m",
    headers = { ["Content-Type"] = options.content_type, ["Content-MD5"] = md5_of(source) },
  })
  return res and { size = source.size, etag = res.headers.ETag }, failure
end

local function begin(store, name, options)
  local text = raw.json.encode { object = name, contentType = options.content_type }
  local res, failure = send(store, {
    what = "put", method = "POST", path = "/u", source = { data = text, size = #text },
    headers = { ["Content-Type"] = "application/json" },
  })
  if not res then return nil, failure end
  return tools.decode(res.body).uploadId, failure_of("put", res)
end

local function send_parts(store, name, upload, source, options)
  local parts = upload.parts
  for offset = #parts * upload.size, source.size - 1, upload.size do
    local part = bodies.part(source, offset, upload.size)
    local res, failure = send(store, {
      what = "put", method = "PUT", path = object_path("u", name), source = part,
      is_object = true, query = { uploadId = upload.id, uploadPartNum = #parts + 1 },
      headers = { ["Content-Type"] = "application/octet-stream", ["Content-MD5"] = md5_of(part) },
      timeout = options.timeout or "10m",
    })
    if not res then return nil, failure end
    parts[#parts + 1] = { partNum = #parts + 1, etag = res.headers.ETag }
    journals.save(upload.journal, { id = upload.id, parts = parts })
  end
  return true
end

local function commit(store, name, upload)
  local text = raw.json.encode { partsToCommit = upload.parts }
  return send(store, {
    what = "put", method = "POST", path = object_path("u", name), query = { uploadId = upload.id },
    source = { data = text, size = #text }, headers = { ["Content-Type"] = "application/json" },
    timeout = "10m",
  })
end

local function remove_parts(store, name, id)
  send(store, {
    what = "put", method = "DELETE", path = object_path("u", name), query = { uploadId = id },
  })
end

-- Parts without an end would cost money for ever: they stay only where a journal knows of them.
local function finish(store, name, upload, source, options)
  local there = math.min(#upload.parts * upload.size, source.size)
  local res
  local sent, failure = send_parts(store, name, upload, source, options)
  if sent then res, failure = commit(store, name, upload) end
  if not res and upload.journal and journals.may_go_on(failure) then return nil, failure end
  journals.remove(upload.journal)
  if res then return { size = source.size, etag = res.headers.ETag, resumed = there } end
  remove_parts(store, name, upload.id)
  return nil, failure
end

-- In parts, which are nowhere to be seen until they are committed.
local function put_parts(store, name, source, options)
  local size = math.max(options.part_size or PART, math.ceil(source.size / MAX_PARTS))
  local journal = options.resume and journals.open(source, {
    root = store.root, name = name, endpoint = store.endpoint or "", part_size = size,
  }) or nil
  if journal and journal.stale then remove_parts(store, name, journal.stale.id) end
  local kept = journal and journal.state
  if kept then
    local upload = { id = kept.id, parts = kept.parts, size = size, journal = journal }
    local done, failure = finish(store, name, upload, source, options)
    if done or failure.status ~= 404 then return done, failure end
  end
  local id, failure = begin(store, name, options)
  if not id then return nil, failure end
  journals.save(journal, { id = id, parts = raw.json.array {} })
  return finish(store, name, { id = id, parts = {}, size = size, journal = journal }, source,
    options)
end

function M.put(store, name, source, options)
  local parts = source.size > (options.part_size or PART)
  return (parts and put_parts or put_whole)(store, name, source, options)
end

function M.get(store, name, target, options)
  local function fetch(receive, md5)
    local res, failure = send(store, {
      what = "get", method = "GET", path = object_path("o", name), receive = receive,
      timeout = options.timeout or "10m",
    })
    if not res then return nil, failure end
    local theirs = not res.headers["Content-Encoding"] and res.headers["Content-MD5"]
    local ours = md5 or function() return raw.crypto.md5(res.body or "", "binary") end
    if theirs and theirs ~= raw.encoding.b64encode(ours()) then
      return nil, tools.failure("get", res.status, "Damaged", "its MD5 is not the server's")
    end
    return res
  end
  if target then return bodies.into_file(target, fetch) end
  local res, failure = fetch()
  if not res then return nil, failure end
  return res.body or ""
end

function M.list(store, path, options)
  local prefix = path
  if prefix ~= "" and prefix:sub(-1) ~= "/" then prefix = prefix .. "/" end
  local items, start = {}, nil
  repeat
    local res, failure = send(store, {
      what = "list", method = "GET", path = "/o", timeout = options.timeout,
      query = { prefix = prefix, start = start, fields = "name,size,timeModified,etag" },
    })
    if not res then return nil, failure end
    local page = tools.decode(res.body)
    for _, item in ipairs(page.objects or {}) do
      items[#items + 1] = {
        name = item.name:sub(#prefix + 1), size = tonumber(item.size), etag = item.etag,
        modified = tools.time_of(item.timeModified),
      }
    end
    start = type(page.nextStartWith) == "string" and page.nextStartWith or nil
  until not start
  return items
end

function M.delete(store, name, options)
  local res, failure = send(store, {
    what = "delete", method = "DELETE", path = object_path("o", name), timeout = options.timeout,
  })
  if failure and failure.code == "ObjectNotFound" then return true end
  return res and true or nil, failure
end

return M
