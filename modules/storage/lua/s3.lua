-- Storage in S3 and whatever speaks its protocol. The server compares each body with the SHA-256
-- that its signature holds; downloads are compared with their ETag where that is an MD5.
local raw, tools, requests, aws, bodies, journals = ...

local M = {}

local PART = 64 * 1048576
local MAX_PARTS = 10000

M.settings = tools.set_of [[
  aws_access_key_id aws_secret_access_key aws_session_token aws_profile aws_region endpoint]]

-- Stores by what they are opened with: those that are alike share their credentials.
local known = {}

local function new_store(place, options)
  local settings = {}
  for name in pairs(aws.settings) do settings[name] = options[name] end
  if place.region then settings.aws_region = place.region end
  local signer = aws.new(settings)
  local endpoint = options.endpoint or aws.endpoint(signer, "S3")
  return {
    bucket = place.bucket, aws = signer, region = aws.region(signer),
    endpoint = endpoint and endpoint:gsub("/+$", ""),
  }
end

function M.open(place, options)
  local words = { place.bucket, place.region or "" }
  for _, name in ipairs(tools.sorted_keys(M.settings)) do
    words[#words + 1] = tostring(options[name])
  end
  local key = table.concat(words, "\n")
  known[key] = known[key] or new_store(place, options)
  return known[key]
end

-- Amazon's own servers take the bucket for a part of the host, unless TLS could not check that.
local function base_of(store)
  if store.endpoint then return store.endpoint .. "/" .. store.bucket end
  local domain = ("s3.%s.amazonaws.com%s"):format(
    store.region, store.region:find("^cn%-") and ".cn" or "")
  if store.bucket:find("[._]") or store.bucket:find("%u") then
    return ("https://%s/%s"):format(domain, store.bucket)
  end
  return ("https://%s.%s"):format(store.bucket, domain)
end

local function url_of(store, key, query)
  local url = base_of(store) .. "/" .. tools.url_encode(key, true)
  return query and url .. "?" .. tools.query(query) or url
end

-- Whether a request that was refused may go once more: with the server's clock, to the bucket's
-- region, or with credentials that have not expired.
local function mend(store, res)
  if aws.mend_clock(store.aws, res) then return true end
  local code = res.status >= 300 and tools.xml(res.body, "Code")
  if code == "ExpiredToken" and store.aws.found then
    store.aws.found = nil
    return true
  end
  local region = res.status >= 300 and
    (res.headers["x-amz-bucket-region"] or tools.xml(res.body, "Region"))
  if not region or region == store.region then return false end
  store.region = region
  return true
end

local reasons = {
  NoSuchBucket = "make it first, or mind its region: s3://bucket@region/path",
  SignatureDoesNotMatch = "the secret key is not that of the access key",
}

local function failure_of(what, res)
  if res.status == 0 then return tools.failure(what, 0, "Connection", res.error) end
  local code = tools.xml(res.body, "Code") or (res.status_text or ""):match("^%d+ (.+)")
    or "Unknown"
  local message = tools.xml(res.body, "Message") or ""
  if reasons[code] then message = ("%s (%s)"):format(message, reasons[code]) end
  return tools.failure(what, res.status, code, message)
end

local function hash_of(source)
  return source and raw.crypto.hex_encode(bodies.digest(source, "sha256"))
end

-- Sends a call: what (in words), method, key, query, headers, source, timeout, receive. Returns the
-- response, or nil and the failure.
local function send(store, call)
  local hash = hash_of(call.source)
  local reason
  local found, missing = aws.find(store.aws)
  if not found then return nil, tools.failure(call.what, 0, "Credentials", missing) end
  local res = requests.send {
    method = call.method, label = "s3 " .. call.what, timeout = call.timeout,
    receive = call.receive,
    again = function(response) return mend(store, response) end,
    make = function()
      found, reason = aws.find(store.aws)
      local url = url_of(store, call.key, call.query)
      local body = bodies.of(call.source)
      local headers = found and aws.sign_with(found, {
        method = call.method, url = url, headers = call.headers, body_hash = hash,
      }, "s3", store.region, store.aws.skew)
      return url, headers, body
    end,
  }
  if reason then return nil, tools.failure(call.what, 0, "Credentials", reason) end
  if res.status < 200 or res.status >= 300 then return nil, failure_of(call.what, res) end
  return res
end

-- Uploads --------------------------------------------------------------------------------------

local function put_whole(store, key, source, options)
  local res, failure = send(store, {
    what = "put", method = "PUT", key = key, source = source, timeout = options.timeout or "10m",
    headers = { ["Content-Type"] = options.content_type },
  })
  if not res then return nil, failure end
  return { size = source.size, etag = (res.headers.ETag or ""):gsub('"', "") }
end

local function send_part(store, key, id, number, part, options)
  local res, failure = send(store, {
    what = "put", method = "PUT", key = key, source = part, timeout = options.timeout or "10m",
    query = { partNumber = number, uploadId = id },
  })
  if not res then return nil, failure end
  return ("<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>"):format(
    number, res.headers.ETag or "")
end

-- Sends the parts that `upload`, an id with a list of parts, does not have.
local function send_parts(store, key, upload, source, options)
  local parts = upload.parts
  for offset = #parts * upload.size, source.size - 1, upload.size do
    local part = bodies.part(source, offset, upload.size)
    local entry, failure = send_part(store, key, upload.id, #parts + 1, part, options)
    if not entry then return nil, failure end
    parts[#parts + 1] = entry
    journals.save(upload.journal, { id = upload.id, parts = parts })
  end
  return true
end

local function complete(store, key, id, parts)
  local text = "<CompleteMultipartUpload>" .. table.concat(parts) .. "</CompleteMultipartUpload>"
  local res, failure = send(store, {
    what = "put", method = "POST", key = key, query = { uploadId = id },
    source = { data = text, size = #text }, headers = { ["Content-Type"] = "application/xml" },
    timeout = "10m",
  })
  if not res then return nil, failure end
  -- This call may fail with a status of success, as it begins its response before its work.
  if res.body:find("<Error>", 1, true) then return nil, failure_of("put", res) end
  return (tools.xml(res.body, "ETag") or ""):gsub('"', "")
end

local function remove_parts(store, key, id)
  send(store, { what = "put", method = "DELETE", key = key, query = { uploadId = id } })
end

-- Sends what is missing, and makes one of all. Parts without an end would cost money for ever: they
-- stay only where a journal knows of them and the next upload may go on.
local function finish(store, key, upload, source, options)
  local there = math.min(#upload.parts * upload.size, source.size)
  local etag
  local sent, failure = send_parts(store, key, upload, source, options)
  if sent then etag, failure = complete(store, key, upload.id, upload.parts) end
  if not etag and upload.journal and journals.may_go_on(failure) then return nil, failure end
  journals.remove(upload.journal)
  if etag then return { size = source.size, etag = etag, resumed = there } end
  remove_parts(store, key, upload.id)
  return nil, failure
end

local gone = tools.set_of "NoSuchUpload InvalidPart"

-- In parts, which are nowhere to be seen until the last one is there.
local function put_parts(store, key, source, options)
  local size = math.max(options.part_size or PART, math.ceil(source.size / MAX_PARTS))
  local journal = options.resume and journals.open(source, {
    bucket = store.bucket, key = key, endpoint = store.endpoint or "", part_size = size,
  }) or nil
  if journal and journal.stale then remove_parts(store, key, journal.stale.id) end
  local kept = journal and journal.state
  if kept then
    local upload = { id = kept.id, parts = kept.parts, size = size, journal = journal }
    local done, failure = finish(store, key, upload, source, options)
    if done or not gone[failure.code] then return done, failure end
  end
  local begun, failure = send(store, {
    what = "put", method = "POST", key = key, query = { uploads = "" },
    headers = { ["Content-Type"] = options.content_type },
  })
  local id = begun and tools.xml(begun.body, "UploadId")
  if not id then return nil, failure or failure_of("put", begun) end
  local upload = { id = id, parts = {}, size = size, journal = journal }
  journals.save(journal, { id = id, parts = raw.json.array {} })
  return finish(store, key, upload, source, options)
end

function M.put(store, key, source, options)
  local parts = source.size > (options.part_size or PART)
  return (parts and put_parts or put_whole)(store, key, source, options)
end

-- The rest -------------------------------------------------------------------------------------

-- An ETag is the MD5 of what was put as a whole, unless the server encrypts with keys of its own.
local function differs(res, md5)
  local etag = (res.headers.ETag or ""):match('^"?(%x+)"?$')
  if not etag or #etag ~= 32 or res.headers["Content-Encoding"] then return false end
  local encryption = res.headers["x-amz-server-side-encryption"]
  if encryption and encryption ~= "AES256" then return false end
  return not res.headers["x-amz-server-side-encryption-customer-algorithm"]
    and etag:lower() ~= raw.crypto.hex_encode(md5())
end

local damaged = "what came is not what was put there: its MD5 is not the ETag"

function M.get(store, key, target, options)
  local function fetch(receive, md5)
    local res, failure = send(store, {
      what = "get", method = "GET", key = key, timeout = options.timeout or "10m",
      receive = receive,
    })
    if not res then return nil, failure end
    if differs(res, md5 or function() return raw.crypto.md5(res.body or "", "binary") end) then
      return nil, tools.failure("get", res.status, "Damaged", damaged)
    end
    return res
  end
  if target then return bodies.into_file(target, fetch) end
  local res, failure = fetch()
  if not res then return nil, failure end
  return res.body or ""
end

local function decoded(text, is_encoded)
  if not is_encoded then return text end
  return tools.url_decode((text:gsub("+", " ")))
end

function M.list(store, path, options)
  local prefix = path
  if prefix ~= "" and prefix:sub(-1) ~= "/" then prefix = prefix .. "/" end
  local items, token = {}, nil
  repeat
    local res, failure = send(store, {
      what = "list", method = "GET", key = "", timeout = options.timeout, query = {
        ["list-type"] = "2", prefix = prefix, ["encoding-type"] = "url",
        ["continuation-token"] = token,
      },
    })
    if not res then return nil, failure end
    local is_encoded = tools.xml(res.body, "EncodingType") == "url"
    for entry in tools.each_xml(res.body, "Contents") do
      local key = decoded(tools.xml(entry, "Key"), is_encoded)
      items[#items + 1] = {
        name = key:sub(#prefix + 1), size = tonumber(tools.xml(entry, "Size")),
        modified = tools.time_of(tools.xml(entry, "LastModified")),
        etag = (tools.xml(entry, "ETag") or ""):gsub('"', ""),
      }
    end
    token = tools.xml(res.body, "NextContinuationToken")
  until not token
  return items
end

function M.delete(store, key, options)
  local res, failure = send(store, {
    what = "delete", method = "DELETE", key = key, timeout = options.timeout,
  })
  return res and true or nil, failure
end

return M
