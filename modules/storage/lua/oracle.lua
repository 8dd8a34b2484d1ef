-- Who we are to Oracle's cloud, in the four ways that its own tools know, and signatures of
-- requests (version 1, which is RSA-SHA256 over chosen headers).
local raw, tools, requests = ...

local M = {}

local RENEW_BEFORE = 300000  -- ms

M.settings = tools.set_of [[
  oci_auth oci_config_file oci_profile oci_security_token oci_region]]

local kinds = {}

-- As the seeds' tools and OCI's own call them.
local aliases = { api_key = "user_principal", user_principal = "user_principal",
  instance_principal = "instance_principal", security_token = "security_token",
  instance_obo_user = "instance_obo_user" }

-- Profiles -------------------------------------------------------------------------------------

local function config_file(oracle)
  return oracle.settings.oci_config_file or raw.variable("OCI_CONFIG_FILE")
    or raw.variable("OCI_CLI_CONFIG_FILE") or tools.home() .. "/.oci/config"
end

-- The keys of a profile, over those of the section DEFAULT; or nil and why there are none.
local function read_profile(oracle)
  local path = config_file(oracle)
  local name = oracle.settings.oci_profile or raw.variable("OCI_CLI_PROFILE") or "DEFAULT"
  local text = raw.read_file(path)
  if not text then return nil, "there is no file " .. path end
  local sections = tools.parse_ini(text)
  if not sections[name] then return nil, ("%s: there is no profile \"%s\""):format(path, name) end
  local profile = {}
  for _, section in ipairs { sections.DEFAULT or {}, sections[name] } do
    for key, value in pairs(section) do profile[key] = value end
  end
  return profile
end

local function path_of(text) return (text:gsub("^~", tools.home())) end

local function key_of(profile)
  if not profile.key_file then return nil, "its profile has no key_file" end
  local path = path_of(profile.key_file)
  local key = raw.read_file(path)
  return key, not key and "there is no file " .. path or nil
end

-- Kinds ----------------------------------------------------------------------------------------

function kinds.user_principal(oracle)
  local profile, reason = read_profile(oracle)
  if not profile then return nil, reason end
  for _, name in ipairs { "tenancy", "user", "fingerprint" } do
    if not profile[name] then return nil, "its profile has no " .. name end
  end
  local key
  key, reason = key_of(profile)
  return key and {
    key = key, passphrase = profile.pass_phrase, region = profile.region,
    key_id = ("%s/%s/%s"):format(profile.tenancy, profile.user, profile.fingerprint),
  }, reason
end

-- Milliseconds since 1970 at which a token ends, as it says itself.
local function end_of(token)
  local part = token:match("^[^.]+%.([^.]+)%.")
  local ok, text = pcall(raw.encoding.b64decode, part or "", "rawurl")
  local seconds = ok and tonumber(tools.decode(text).exp)
  return seconds and seconds * 1000
end

function kinds.security_token(oracle)
  local profile, reason = read_profile(oracle)
  if not profile then return nil, reason end
  local given = oracle.settings.oci_security_token
  local path = path_of(given or profile.security_token_file or "")
  if path == "" then return nil, "its profile has no security_token_file" end
  local token = raw.read_file(path) or given
  if not token then return nil, "there is no file " .. path end
  local key
  key, reason = key_of(profile)
  token = tools.trim(token)
  return key and {
    key = key, passphrase = profile.pass_phrase, region = profile.region, key_id = "ST$" .. token,
    expires = end_of(token),
  }, reason
end

local function ask_instance(path)
  local base = raw.variable("OCI_METADATA_BASE_URL") or "http://169.254.169.254/opc/v2"
  local url = base:gsub("/+$", "") .. path
  local res = requests.send {
    method = "GET", url = url, headers = { Authorization = "Bearer Oracle" }, timeout = "2s",
    label = "oci metadata", kind = "neighbour", tries = 2,
  }
  if res.status == 200 then return res.body end
  return nil, ("%s: %s"):format(url, res.status == 0 and res.error or "status " .. res.status)
end

-- What is between the lines that frame a PEM.
local function bare(pem) return (pem:gsub("%-%-%-%-%-[^\n]*", ""):gsub("%s", "")) end

local function fingerprint_of(certificate)
  local digest = raw.crypto.sha1(raw.encoding.b64decode(bare(certificate)))
  return (digest:upper():gsub("(%x%x)", "%1:"):sub(1, -2))
end

-- The tenancy stands in the subject of the instance's certificate, behind a byte with its length.
local function tenancy_of(certificate)
  local der = raw.encoding.b64decode(bare(certificate))
  for _, prefix in ipairs { "opc-tenant:", "opc-identity:" } do
    local at = der:find(prefix, 1, true)
    if at and at > 1 then return der:sub(at + #prefix, at + der:byte(at - 1) - 1) end
  end
end

-- Asks for a token for a key of our own, by the instance's certificate.
local function federate(url, certificate, key, intermediate)
  local private, public = raw.session_key()
  local body = raw.json.encode {
    certificate = bare(certificate), publicKey = bare(public), purpose = "DEFAULT",
    intermediateCertificates = raw.json.array { bare(intermediate) },
  }
  local tenancy = tenancy_of(certificate)
  if not tenancy then return nil, "the instance's certificate names no tenancy" end
  local signer = {
    key = key, key_id = ("%s/fed-x509/%s"):format(tenancy, fingerprint_of(certificate)),
  }
  local request = { method = "POST", url = url, body = body,
    headers = { ["Content-Type"] = "application/json" } }
  local res = requests.send {
    method = "POST", url = url, body = body, label = "oci token",
    headers = M.sign_with(signer, request, { without_host = true }),
  }
  local token = tools.decode(res.body).token
  if res.status ~= 200 or type(token) ~= "string" then
    return nil, ("%s: %s"):format(url, res.status == 0 and res.error or "status " .. res.status)
  end
  return { key = private, key_id = "ST$" .. token, expires = end_of(token) }
end

function kinds.instance_principal()
  local parts = {}
  for _, path in ipairs { "/instance/regionInfo", "/identity/cert.pem", "/identity/key.pem",
    "/identity/intermediate.pem" } do
    local body, reason = ask_instance(path)
    if not body then return nil, reason end
    parts[#parts + 1] = body
  end
  local info = tools.decode(parts[1])
  local region = info.regionIdentifier
  if not region then return nil, "the instance does not say its region" end
  local url = raw.variable("OCI_SDK_AUTH_CLIENT_REGION_URL") or ("https://auth.%s.%s"):format(
    region, info.realmDomainComponent or "oraclecloud.com")
  local found, reason = federate(url:gsub("/+$", "") .. "/v1/x509", parts[2], parts[3], parts[4])
  if found then found.region, found.domain = region, info.realmDomainComponent end
  return found, reason
end

-- The instance on behalf of a user, whose token is in the variable.
function kinds.instance_obo_user()
  local token = raw.variable("OCI_OBO_TOKEN") or raw.variable("OCI_DELEGATION_TOKEN")
  local path = raw.variable("OCI_CLI_DELEGATION_TOKEN_FILE")
  token = token or path and raw.read_file(path)
  if not token then
    return nil, "neither OCI_OBO_TOKEN nor OCI_CLI_DELEGATION_TOKEN_FILE says the user's token"
  end
  local found, reason = kinds.instance_principal()
  if found then found.obo_token = tools.trim(token) end
  return found, reason
end

-- Credentials ----------------------------------------------------------------------------------

function M.new(settings)
  local given = settings.oci_auth or raw.variable("OCI_CLI_AUTH") or "user_principal"
  if not aliases[given] then
    raw.fail(("oci_auth: there is no \"%s\"; there are: %s"):format(
      tostring(given), table.concat(tools.sorted_keys(aliases), ", ")))
  end
  return { settings = settings, auth = aliases[given] }
end

-- What signs, which is asked for again before it expires; or nil and why there is nothing.
function M.find(oracle)
  local found = oracle.found
  if found and (not found.expires or found.expires - RENEW_BEFORE > raw.core.now()) then
    return found
  end
  local fresh, reason = kinds[oracle.auth](oracle)
  if not fresh and found and found.expires > raw.core.now() then return found end
  oracle.found = fresh
  return fresh, reason and ("no credentials for OCI: %s (%s)"):format(oracle.auth, reason)
end

function M.region(oracle, found)
  return oracle.settings.oci_region or raw.variable("OCI_CLI_REGION") or found and found.region
end

local with_body = tools.set_of "POST PUT PATCH"

-- The headers of a request (method, url, headers, body) with its signature. `how` may say
-- without_body, for calls whose bodies are not signed, and without_host.
function M.sign_with(found, request, how)
  how = how or {}
  local host, target = tools.split_url(request.url)
  local headers = {}
  for name, value in pairs(request.headers or {}) do headers[name:lower()] = tostring(value) end
  headers.date = headers.date or raw.time.format("%a, %d %b %Y %H:%M:%S GMT", raw.core.now())
  headers.host = host
  headers["opc-obo-token"] = found.obo_token
  local values = { ["(request-target)"] = request.method:lower() .. " " .. target }
  local names = { "date", "(request-target)" }
  if not how.without_host then names[#names + 1] = "host" end
  if with_body[request.method] and not how.without_body then
    local body = request.body or ""
    values["content-length"] = tostring(#body)
    headers["content-type"] = headers["content-type"] or "application/json"
    headers["x-content-sha256"] = raw.crypto.sha256(body, "base64")
    for _, name in ipairs { "content-length", "content-type", "x-content-sha256" } do
      names[#names + 1] = name
    end
  end
  if found.obo_token then names[#names + 1] = "opc-obo-token" end
  local lines = {}
  for i, name in ipairs(names) do lines[i] = name .. ": " .. (values[name] or headers[name]) end
  local signature = raw.crypto.sign("RS256", found.key, table.concat(lines, "\n"), "base64",
    found.passphrase)
  headers.authorization = ('Signature version="1",headers="%s",keyId="%s",' ..
    'algorithm="rsa-sha256",signature="%s"'):format(
      table.concat(names, " "), found.key_id, signature)
  return headers
end

return M
