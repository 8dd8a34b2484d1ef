-- Storage in the releases of a repository on GitHub, whose assets are files without folders.
local raw, tools, requests, bodies = ...

local M = {}

local LARGEST = 2 ^ 31 - 1
local TRIES = 5
local PAGE = 100

M.settings = tools.set_of "github_token endpoint"

local known = {}

function M.open(place, options)
  local base = options.endpoint or raw.variable("GITHUB_API_URL") or "https://api.github.com"
  local token = options.github_token or raw.variable("GITHUB_TOKEN") or raw.variable("GH_TOKEN")
  local key = table.concat({ place.owner, place.repo, place.tag or "", base, token or "" }, "\n")
  known[key] = known[key] or {
    root = ("%s/repos/%s/%s"):format(base:gsub("/+$", ""), place.owner, place.repo),
    tag = place.tag, token = token,
  }
  return known[key]
end

local reasons = {
  [401] = "Unauthorized", [403] = "Forbidden", [404] = "NotFound", [422] = "Unprocessable",
}

local function failure_of(what, res)
  if res.status == 0 then return tools.failure(what, 0, "Connection", res.error) end
  local message = tools.decode(res.body).message
  return tools.failure(what, res.status, reasons[res.status] or "Error", tostring(message or ""))
end

-- Sends a call: what (in words), method, url, headers, source, timeout, receive, tries, and json.
local function send(store, call)
  if not store.token then
    return nil, tools.failure(call.what, 0, "Credentials",
      "no token for GitHub: github_token (not given), GITHUB_TOKEN and GH_TOKEN (not set)")
  end
  local headers = {
    Accept = "application/vnd.github+json", ["X-GitHub-Api-Version"] = "2022-11-28",
    Authorization = "Bearer " .. store.token,
  }
  for name, value in pairs(call.headers or {}) do headers[name] = value end
  local res = requests.send {
    method = call.method, label = "github " .. call.what, timeout = call.timeout,
    receive = call.receive, tries = call.tries,
    make = function() return call.url, headers, call.json or bodies.of(call.source) end,
  }
  if res.status >= 200 and res.status < 400 then return res end
  return nil, failure_of(call.what, res)
end

-- The release of the tag, or the latest; made if `make` and there is none.
local function release_of(store, what, make)
  if store.release then return store.release end
  local where = store.tag and "/releases/tags/" .. tools.url_encode(store.tag) or "/releases/latest"
  local res, failure = send(store, { what = what, method = "GET", url = store.root .. where })
  if not res and failure.status == 404 and make and store.tag then
    res, failure = send(store, {
      what = what, method = "POST", url = store.root .. "/releases",
      json = raw.json.encode { tag_name = store.tag, name = store.tag },
    })
  end
  if not res then
    if failure.status == 404 and not store.tag then
      failure.text = failure.text .. " (no release yet: name its tag, github://owner/repo@tag)"
    end
    return nil, failure
  end
  store.release = tools.decode(res.body)
  return store.release
end

local function assets_of(store, release, what)
  local assets, page = {}, 0
  repeat
    page = page + 1
    local res, failure = send(store, { what = what, method = "GET",
      url = ("%s/releases/%d/assets?per_page=%d&page=%d"):format(
        store.root, release.id, PAGE, page) })
    if not res then return nil, failure end
    local part = tools.decode(res.body)
    for _, asset in ipairs(part) do assets[#assets + 1] = asset end
  until #part < PAGE
  return assets
end

-- An asset's name has no folders, and no characters but these; GitHub would change them by itself.
local function asset_name(path)
  return (path:gsub("[^%w._-]", "."))
end

local function find_asset(store, release, path, what)
  local assets, failure = assets_of(store, release, what)
  if not assets then return nil, failure end
  for _, asset in ipairs(assets) do
    if asset.name == asset_name(path) then return asset end
  end
  return nil, tools.failure(what, 404, "NotFound", "the release has no asset of this name")
end

local function remove(store, asset, what)
  return send(store, { what = what, method = "DELETE",
    url = ("%s/releases/assets/%d"):format(store.root, asset.id) })
end

local function send_asset(store, release, path, source, options)
  local url = release.upload_url:gsub("{.*}$", "")
  return send(store, {
    what = "put", method = "POST", url = url .. "?" .. tools.query { name = asset_name(path) },
    source = source, headers = { ["Content-Type"] = options.content_type }, tries = 1,
    timeout = options.timeout or "10m",
  })
end

-- An asset of the name is in the way, also one that an upload which broke off has left.
function M.put(store, path, source, options)
  if source.size > LARGEST then
    return nil, tools.failure("put", 0, "TooLarge", "GitHub takes assets below 2 GiB")
  end
  local release, failure = release_of(store, "put", true)
  if not release then return nil, failure end
  local res
  for try = 1, TRIES do
    res, failure = send_asset(store, release, path, source, options)
    if res then return { size = source.size, etag = tools.decode(res.body).digest } end
    local passing = failure.status == 0 or failure.status >= 500
    if failure.status ~= 422 and not passing or try == TRIES then return nil, failure end
    local asset = find_asset(store, release, path, "put")
    if not asset and not passing then return nil, failure end
    if asset then remove(store, asset, "put") end
    if passing then raw.core.sleep(0.2 * 2 ^ (try - 1)) end
  end
end

-- The bytes lie elsewhere, where nobody may see the token.
local function fetch(store, asset, receive, options)
  local res, failure = send(store, {
    what = "get", method = "GET", url = ("%s/releases/assets/%d"):format(store.root, asset.id),
    headers = { Accept = "application/octet-stream" }, receive = receive,
    timeout = options.timeout or "10m",
  })
  if not res or res.status < 300 then return res, failure end
  res = requests.send {
    method = "GET", url = res.headers.Location, label = "github get", receive = receive,
    timeout = options.timeout or "10m",
  }
  if res.status == 200 then return res end
  return nil, failure_of("get", res)
end

function M.get(store, path, target, options)
  local release, failure = release_of(store, "get")
  if not release then return nil, failure end
  local asset
  asset, failure = find_asset(store, release, path, "get")
  if not asset then return nil, failure end
  if target then
    return bodies.into_file(target, function(receive)
      return fetch(store, asset, receive, options)
    end)
  end
  local res
  res, failure = fetch(store, asset, nil, options)
  if not res then return nil, failure end
  return res.body or ""
end

function M.list(store)
  local release, failure = release_of(store, "list")
  if not release then return nil, failure end
  local assets
  assets, failure = assets_of(store, release, "list")
  if not assets then return nil, failure end
  local items = {}
  for i, asset in ipairs(assets) do
    items[i] = { name = asset.name, size = tonumber(asset.size),
      modified = tools.time_of(asset.updated_at) }
  end
  return items
end

function M.delete(store, path)
  local release, failure = release_of(store, "delete")
  if not release then return nil, failure end
  local asset
  asset, failure = find_asset(store, release, path, "delete")
  if not asset and failure.code == "NotFound" then return true end
  if not asset then return nil, failure end
  local res
  res, failure = remove(store, asset, "delete")
  return res and true or nil, failure
end

return M
