-- Storage in Azure's blobs. The server compares each body with its MD5, and so is what comes where
-- the server keeps one.
local raw, tools, requests, azure, bodies, journals = ...

local M = {}

local BLOCK = 64 * 1048576
local MAX_BLOCKS = 50000
local VERSION = "2021-12-02"

M.settings = tools.set_of [[
  azure_account_name azure_account_key azure_connection_string azure_sas_token endpoint]]

local known = {}

function M.open(place, options)
  local words, settings = { place.account or "", place.container }, {}
  for _, name in ipairs(tools.sorted_keys(M.settings)) do
    words[#words + 1] = tostring(options[name])
    settings[name] = options[name]
  end
  local key = table.concat(words, "\n")
  if not known[key] then
    local store = { container = place.container, azure = azure.new(settings, place.account) }
    local base = options.endpoint or store.azure.account.endpoint
    store.base = base:gsub("/+$", "")
    store.root = store.base:match("^%a+://[^/]+(.*)$")
    known[key] = store
  end
  return known[key]
end

local function failure_of(what, res)
  if res.status == 0 then return tools.failure(what, 0, "Connection", res.error) end
  local code = tools.xml(res.body, "Code") or res.headers["x-ms-error-code"]
    or (res.status_text or ""):match("^%d+ (.+)") or "Unknown"
  local message = (tools.xml(res.body, "Message") or ""):match("^[^\r\n]*")
  return tools.failure(what, res.status, code, message)
end

-- Sends a call: what (in words), method, name (of the blob), query, headers, source, timeout,
-- receive. Returns the response, or nil and the failure.
local function send(store, call)
  local reason
  local md5 = call.source and raw.encoding.b64encode(bodies.digest(call.source, "md5"))
  local function request_of()
    local headers = { ["x-ms-version"] = VERSION, ["Content-MD5"] = md5 }
    for name, value in pairs(call.headers or {}) do headers[name] = value end
    local path = "/" .. store.container
    if call.name then path = path .. "/" .. tools.url_encode(call.name, true) end
    local query, more = call.query or {}
    more, reason = azure.sign(store.azure, {
      method = call.method, path = store.root .. path, query = query, headers = headers,
      size = call.source and call.source.size,
    })
    local text = tools.query(query)
    if more and more ~= "" then text = text .. (text ~= "" and "&" or "") .. more end
    return store.base .. path .. (text ~= "" and "?" .. text or ""), headers
  end
  request_of()
  if reason then return nil, tools.failure(call.what, 0, "Credentials", reason) end
  local res = requests.send {
    method = call.method, label = "az " .. call.what, timeout = call.timeout,
    receive = call.receive,
    again = function(response)
      -- A token that is refused may have become another one.
      if response.status ~= 401 or not store.azure.found then return false end
      store.azure.found = nil
      return true
    end,
    make = function()
      local url, headers = request_of()
      return url, headers, bodies.of(call.source)
    end,
  }
  if res.status >= 200 and res.status < 300 then return res end
  return nil, failure_of(call.what, res)
end

local function put_whole(store, name, source, options)
  local res, failure = send(store, {
    what = "put", method = "PUT", name = name, source = source, timeout = options.timeout or "10m",
    headers = { ["x-ms-blob-type"] = "BlockBlob", ["Content-Type"] = options.content_type },
  })
  if not res then return nil, failure end
  return { size = source.size, etag = (res.headers.ETag or ""):gsub('"', "") }
end

local function id_of(number) return raw.encoding.b64encode(("%08d"):format(number)) end

-- Sends the blocks of a source from the one behind `sent` on.
local function send_blocks(store, name, source, blocks, sent, options)
  for number = sent + 1, math.ceil(source.size / blocks.size) do
    local part = bodies.part(source, (number - 1) * blocks.size, blocks.size)
    local res, failure = send(store, {
      what = "put", method = "PUT", name = name, source = part,
      query = { comp = "block", blockid = id_of(number) }, timeout = options.timeout or "10m",
    })
    if not res then return nil, failure end
    journals.save(blocks.journal, { sent = number })
  end
  return true
end

local function send_list(store, name, source, blocks, options)
  local list = { '<?xml version="1.0" encoding="utf-8"?><BlockList>' }
  for number = 1, math.ceil(source.size / blocks.size) do
    list[#list + 1] = "<Latest>" .. id_of(number) .. "</Latest>"
  end
  local text = table.concat(list) .. "</BlockList>"
  return send(store, {
    what = "put", method = "PUT", name = name, source = { data = text, size = #text },
    query = { comp = "blocklist" },
    headers = { ["x-ms-blob-content-type"] = options.content_type },
  })
end

local function send_all(store, name, source, blocks, sent, options)
  local done, failure = send_blocks(store, name, source, blocks, sent, options)
  if not done then return nil, failure end
  return send_list(store, name, source, blocks, options)
end

-- In blocks, which are nowhere to be seen until the list of them is there, and are gone after a
-- week without one.
local function put_blocks(store, name, source, options)
  local size = math.max(options.part_size or BLOCK, math.ceil(source.size / MAX_BLOCKS))
  local journal = options.resume and journals.open(source, {
    base = store.base, container = store.container, name = name, part_size = size,
  }) or nil
  local blocks = { size = size, journal = journal }
  local sent = journal and journal.state and journal.state.sent or 0
  local res, failure = send_all(store, name, source, blocks, sent, options)
  if failure and failure.code == "InvalidBlockList" and sent > 0 then
    sent = 0
    res, failure = send_all(store, name, source, blocks, sent, options)
  end
  if res or not journals.may_go_on(failure) then journals.remove(journal) end
  if not res then return nil, failure end
  return { size = source.size, etag = (res.headers.ETag or ""):gsub('"', ""),
    resumed = math.min(sent * size, source.size) }
end

function M.put(store, name, source, options)
  local blocks = source.size > (options.part_size or BLOCK)
  return (blocks and put_blocks or put_whole)(store, name, source, options)
end

function M.get(store, name, target, options)
  local function fetch(receive, md5)
    local res, failure = send(store, {
      what = "get", method = "GET", name = name, timeout = options.timeout or "10m",
      receive = receive,
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
  local items, marker = {}, nil
  repeat
    local res, failure = send(store, {
      what = "list", method = "GET", timeout = options.timeout,
      query = { restype = "container", comp = "list", prefix = prefix, marker = marker },
    })
    if not res then return nil, failure end
    for entry in tools.each_xml(res.body, "Blob") do
      items[#items + 1] = {
        name = tools.xml(entry, "Name"):sub(#prefix + 1),
        size = tonumber(tools.xml(entry, "Content-Length")),
        modified = tools.http_time(tools.xml(entry, "Last-Modified")),
        etag = tools.xml(entry, "Etag"),
      }
    end
    marker = tools.xml(res.body, "NextMarker")
  until not marker or marker == ""
  return items
end

function M.delete(store, name, options)
  local res, failure = send(store, {
    what = "delete", method = "DELETE", name = name, timeout = options.timeout,
  })
  if failure and failure.code == "BlobNotFound" then return true end
  return res and true or nil, failure
end

return M
