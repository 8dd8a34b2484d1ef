-- Where things are kept: s3://bucket@region/path and the other forms, read into their parts.
local raw = ...

local M = {}

M.forms = "s3://bucket[@region]/path, gs://bucket/path, az://account/container/path, " ..
  "oci://n/namespace/b/bucket/o/path, github://owner/repo[@tag]/name, " ..
  "pvc://[namespace:]claim/path, file:///path or a path"

local function fail(uri, why)
  raw.fail(("\"%s\" %s: the forms are %s"):format(uri, why, M.forms))
end

local function bucket_of(uri, rest)
  local authority, path = rest:match("^([^/]*)/?(.*)$")
  local bucket, region = authority:match("^([^@]+)@([%w-]+)$")
  bucket = bucket or authority
  if not bucket:find("^[%w][%w._-]*$") then fail(uri, "names no bucket") end
  return { bucket = bucket, region = region, path = path }
end

-- az://account/container/path; the account may be the host of its blobs.
local function container_of(uri, rest)
  local account, container, path = rest:match("^([^/]+)/([%w$-]+)/?(.*)$")
  if not account then fail(uri, "names no account and container") end
  return { account = account:match("^[^.]+"), container = container, path = path }
end

-- oci://n/namespace/b/bucket/o/path, as the service's own URLs have it.
local function object_of(uri, rest)
  local namespace, bucket, path = rest:match("^n/([^/]+)/b/([^/]+)/?(.*)$")
  path = path and (path == "" or path == "o") and "" or path and path:match("^o/(.*)$")
  if not path then fail(uri, "names no namespace and bucket") end
  return { namespace = namespace, bucket = bucket, path = path }
end

-- github://owner/repo@tag/name: a release, the latest one without a tag.
local function release_of(uri, rest)
  local owner, repo, path = rest:match("^([%w._-]+)/([^/]+)/?(.*)$")
  local name, tag = (repo or ""):match("^([%w._-]+)@(.+)$")
  repo = name or repo
  if not repo or not repo:find("^[%w._-]+$") then fail(uri, "names no owner and repository") end
  return { owner = owner, repo = repo, tag = tag, path = path }
end

-- A claim is a folder in the pod that has mounted it: whole at PERIGEE_PVC_FOLDER, or its path at
-- this path from the root.
local function claim_of(uri, rest)
  local claim, path = rest:match("^([^/]+)/(.*)$")
  claim = claim and claim:gsub("^[^:]*:", "")
  if not claim or claim == "" then fail(uri, "names no claim and path") end
  local folder = raw.variable("PERIGEE_PVC_FOLDER")
  if folder and raw.kind_of(folder) ~= "folder" then
    raw.fail(("%s: the claim \"%s\" is not mounted: there is no folder %s (PERIGEE_PVC_FOLDER)")
      :format(uri, claim, folder))
  end
  if not folder and raw.kind_of("/" .. path:match("^[^/]*")) ~= "folder" then
    raw.fail(("%s: the claim \"%s\" is not mounted: mount its path at /%s, or all of it at a " ..
      "folder that the variable PERIGEE_PVC_FOLDER names"):format(uri, claim, path))
  end
  return { path = (folder or "") .. "/" .. path }
end

local readers = {
  az = container_of,
  github = release_of,
  gs = bucket_of,
  oci = object_of,
  s3 = bucket_of,
  pvc = claim_of,
  file = function(uri, rest)
    local path = rest:match("^localhost(/.*)$") or rest:match("^/.*$")
    return path and { path = path } or fail(uri, "is no URI of a file")
  end,
}

local kinds = {
  az = "az", github = "github", gs = "gs", oci = "oci", s3 = "s3", pvc = "folder", file = "folder",
}

-- Returns kind, path and what else the form has.
function M.parse(uri)
  if uri == "" then fail(uri, "is no place") end
  local scheme, rest = uri:match("^(%a[%w+.-]*)://(.*)$")
  if not scheme then return { uri = uri, kind = "folder", path = uri } end
  local read = readers[scheme]
  if not read then fail(uri, ("begins with \"%s\", which is not known"):format(scheme)) end
  local place = read(uri, rest)
  place.uri, place.kind = uri, kinds[scheme]
  return place
end

-- The URI of a name below one.
function M.below(uri, name)
  if uri:sub(-1) == "/" then return uri .. name end
  return uri .. "/" .. name
end

return M
