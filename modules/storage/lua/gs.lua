-- Storage in Google Cloud Storage, by its JSON API. Uploads and downloads are compared with the MD5
-- that the server has computed, where it has one.
local raw, tools, requests, google, bodies, journals = ...

local M = {}

local CHUNK = 64 * 1048576
local STEP = 262144  -- chunks are whole multiples of it

M.settings = tools.set_of "gcp_credentials_path gcp_project_id endpoint"

local known = {}

-- An emulator asks for no token.
local function new_store(place, options)
  local emulator = raw.variable("STORAGE_EMULATOR_HOST")
  if emulator and not emulator:find("://", 1, true) then emulator = "http://" .. emulator end
  local base = options.endpoint or emulator or "https://storage.googleapis.com"
  return {
    bucket = place.bucket, base = base:gsub("/+$", ""),
    google = google.new { gcp_credentials_path = options.gcp_credentials_path },
    is_open = not options.endpoint and emulator ~= nil,
  }
end

function M.open(place, options)
  local key = table.concat({ place.bucket, options.gcp_credentials_path or "",
    options.endpoint or "" }, "\n")
  known[key] = known[key] or new_store(place, options)
  return known[key]
end

local reasons = {
  [401] = "Unauthorized", [403] = "Forbidden", [404] = "NotFound", [412] = "PreconditionFailed",
}

local function failure_of(what, res)
  if res.status == 0 then return tools.failure(what, 0, "Connection", res.error) end
  local given = tools.decode(res.body).error
  local message = type(given) == "table" and given.message or tools.trim(res.body or ""):sub(1, 300)
  return tools.failure(what, res.status, reasons[res.status] or "Error", tostring(message))
end

-- Sends a call: what (in words), method, url, headers, source, timeout, receive, accepts (a further
-- status that is none of a failure). Returns the response, or nil and the failure.
local function send(store, call)
  local reason
  local function headers_of()
    local headers = {}
    for name, value in pairs(call.headers or {}) do headers[name] = value end
    if store.is_open then return headers end
    local found
    found, reason = google.find(store.google)
    if found then headers.Authorization = "Bearer " .. found.token end
    return headers
  end
  headers_of()
  if reason then return nil, tools.failure(call.what, 0, "Credentials", reason) end
  local res = requests.send {
    method = call.method, label = "gs " .. call.what, timeout = call.timeout,
    receive = call.receive,
    again = function(response)
      -- A token that is refused may have become another one.
      if response.status ~= 401 or not store.google.found then return false end
      store.google.found = nil
      return true
    end,
    make = function() return call.url, headers_of(), bodies.of(call.source) end,
  }
  if res.status >= 200 and res.status < 300 or res.status == call.accepts then return res end
  return nil, failure_of(call.what, res)
end

local function object_url(store, name)
  return ("%s/storage/v1/b/%s/o/%s"):format(store.base, store.bucket, tools.url_encode(name))
end

local function upload_url(store, name, kind)
  return ("%s/upload/storage/v1/b/%s/o?%s"):format(store.base, store.bucket,
    tools.query { uploadType = kind, name = name })
end

-- What was kept, unless the server has another MD5 of it.
local function stored(res, source)
  local value = tools.decode(res.body)
  local md5 = value.md5Hash
  if type(md5) == "string" and md5 ~= raw.encoding.b64encode(bodies.digest(source, "md5")) then
    return nil, tools.failure("put", res.status, "Damaged",
      "the server has another MD5 of what it got")
  end
  return { size = source.size, etag = value.etag }
end

local function put_whole(store, name, source, options)
  local res, failure = send(store, {
    what = "put", method = "POST", url = upload_url(store, name, "media"), source = source,
    headers = { ["Content-Type"] = options.content_type }, timeout = options.timeout or "10m",
  })
  if not res then return nil, failure end
  return stored(res, source)
end

local function begin_session(store, name, options)
  local begun, failure = send(store, {
    what = "put", method = "POST", url = upload_url(store, name, "resumable"),
    headers = { ["X-Upload-Content-Type"] = options.content_type },
  })
  return begun and begun.headers.Location, failure
end

-- Sends the rest of a source to a session, and returns what came of the last chunk.
local function send_chunks(store, session, source, offset, options)
  local size = math.max(math.floor((options.part_size or CHUNK) / STEP), 1) * STEP
  local res, failure
  for at = offset, source.size - 1, size do
    local chunk = bodies.part(source, at, size)
    res, failure = send(store, {
      what = "put", method = "PUT", url = session, source = chunk, accepts = 308,
      headers = { ["Content-Range"] = ("bytes %d-%d/%d"):format(
        at, at + chunk.size - 1, source.size) },
      timeout = options.timeout or "10m",
    })
    if not res then return nil, failure end
  end
  return res
end

-- How much of a source a session of an earlier upload has, with the response if that is all of it;
-- nil and the failure, which says "NotFound" or "Gone" of a session that has ended.
local function reached(store, session, source)
  local res, failure = send(store, {
    what = "put", method = "PUT", url = session, accepts = 308, source = { data = "", size = 0 },
    headers = { ["Content-Range"] = ("bytes */%d"):format(source.size) },
  })
  if not res then return nil, failure end
  if res.status ~= 308 then return source.size, res end
  return (tonumber((res.headers.Range or ""):match("%-(%d+)$")) or -1) + 1
end

-- Goes on with the session of a journal. Returns the result, the failure, and whether the session
-- is still there.
local function resume(store, journal, source, options)
  local session = journal.state.session
  local offset, res = reached(store, session, source)
  if not offset then return nil, res, journals.may_go_on(res) end
  local failure
  if not res then res, failure = send_chunks(store, session, source, offset, options) end
  if not res then return nil, failure, true end
  journals.remove(journal)
  local done
  done, failure = stored(res, source)
  if done then done.resumed = offset end
  return done, failure, true
end

-- In chunks of one session, each of which may go again.
local function put_chunks(store, name, source, options)
  local journal = options.resume
    and journals.open(source, { bucket = store.bucket, name = name, base = store.base }) or nil
  if journal and journal.state then
    local done, failure, is_there = resume(store, journal, source, options)
    if is_there then return done, failure end
  end
  local session, failure = begin_session(store, name, options)
  if not session then return nil, failure end
  journals.save(journal, { session = session })
  local res
  res, failure = send_chunks(store, session, source, 0, options)
  if not res and journals.may_go_on(failure) then return nil, failure end
  journals.remove(journal)
  if not res then return nil, failure end
  return stored(res, source)
end

function M.put(store, name, source, options)
  local chunks = source.size > (options.part_size or CHUNK)
  return (chunks and put_chunks or put_whole)(store, name, source, options)
end

local function differs(res, md5)
  local hash = (res.headers["x-goog-hash"] or ""):match("md5=([%w+/=]+)")
  if not hash or res.headers["Content-Encoding"] then return false end
  return hash ~= raw.encoding.b64encode(md5())
end

function M.get(store, name, target, options)
  local function fetch(receive, md5)
    local res, failure = send(store, {
      what = "get", method = "GET", url = object_url(store, name) .. "?alt=media",
      timeout = options.timeout or "10m", receive = receive,
    })
    if not res then return nil, failure end
    if differs(res, md5 or function() return raw.crypto.md5(res.body or "", "binary") end) then
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
  local items, token = {}, nil
  repeat
    local res, failure = send(store, {
      what = "list", method = "GET", timeout = options.timeout,
      url = ("%s/storage/v1/b/%s/o?%s"):format(store.base, store.bucket,
        tools.query { prefix = prefix, pageToken = token }),
    })
    if not res then return nil, failure end
    local page = tools.decode(res.body)
    for _, item in ipairs(page.items or {}) do
      items[#items + 1] = {
        name = item.name:sub(#prefix + 1), size = tonumber(item.size), etag = item.etag,
        modified = tools.time_of(item.updated),
      }
    end
    token = page.nextPageToken
  until not token
  return items
end

function M.delete(store, name, options)
  local res, failure = send(store, {
    what = "delete", method = "DELETE", url = object_url(store, name), accepts = 404,
    timeout = options.timeout,
  })
  return res and true or nil, failure
end

return M
