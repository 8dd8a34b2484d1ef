-- Who we are to Google's services: tokens from the sources that its own libraries ask, in their
-- order (application default credentials).
local raw, tools, requests = ...

local M = {}

local RENEW_BEFORE = 300000  -- ms
local SCOPE = "https://www.googleapis.com/auth/cloud-platform"
local TOKEN_URL = "https://oauth2.googleapis.com/token"

M.settings = tools.set_of "gcp_credentials_path gcp_project_id scope"

local function post_form(url, form, label)
  return requests.send {
    method = "POST", url = url, label = label, body = tools.query(form),
    headers = { ["Content-Type"] = "application/x-www-form-urlencoded" },
  }
end

-- The token of a response; `source` says where it is from.
local function token_of(source, url, res)
  local value = tools.decode(res.body)
  if res.status ~= 200 or not value.access_token then
    local why = res.status == 0 and res.error or value.error_description or value.error
    return nil, ("%s: %s"):format(url, type(why) == "string" and why or "status " .. res.status)
  end
  return {
    token = value.access_token, source = source,
    expires = raw.core.now() + (tonumber(value.expires_in) or 3600) * 1000,
  }
end

local function base64url(text) return raw.encoding.b64encode(text, "rawurl") end

-- A JSON Web Token, signed with RS256.
function M.jwt(claims, key, key_id)
  local head = raw.json.encode { alg = "RS256", kid = key_id, typ = "JWT" }
  local text = base64url(head) .. "." .. base64url(raw.json.encode(claims))
  return text .. "." .. raw.crypto.sign("RS256", key, text, "base64rawurl")
end

local readers = {}

function readers.service_account(google, file)
  local url = file.token_uri or TOKEN_URL
  local now = math.floor(raw.core.now() / 1000)
  local ok, assertion = pcall(M.jwt, {
    iss = file.client_email, scope = google.scope, aud = url, iat = now, exp = now + 3600,
  }, file.private_key or "", file.private_key_id)
  if not ok then return nil, "its private_key can't be used" end
  return token_of("service account", url, post_form(url, {
    grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion = assertion,
  }, "google token"))
end

function readers.authorized_user(_, file)
  local url = file.token_uri or TOKEN_URL
  return token_of("authorized user", url, post_form(url, {
    grant_type = "refresh_token", refresh_token = file.refresh_token, client_id = file.client_id,
    client_secret = file.client_secret,
  }, "google token"))
end

-- The token of somebody else that Google trusts: in a file, or from a URL, as text or in JSON.
local function subject_token(source)
  local text
  if source.file then
    text = raw.read_file(source.file)
    if not text then return nil, "there is no file " .. source.file end
  elseif source.url then
    local res = requests.send {
      method = "GET", url = source.url, headers = source.headers, label = "subject token",
      kind = "neighbour", timeout = "10s",
    }
    if res.status ~= 200 then return nil, source.url .. ": status " .. res.status end
    text = res.body
  else
    return nil, "its credential_source has neither file nor url"
  end
  local format = source.format or {}
  if format.type ~= "json" then return tools.trim(text) end
  return tools.decode(text)[format.subject_token_field_name]
end

local function impersonate(google, url, found)
  local res = requests.send {
    method = "POST", url = url, label = "google token",
    headers = { Authorization = "Bearer " .. found.token, ["Content-Type"] = "application/json" },
    body = raw.json.encode { scope = raw.json.array { google.scope } },
  }
  local value = tools.decode(res.body)
  if res.status ~= 200 or not value.accessToken then
    return nil, ("%s: %s"):format(url, res.status == 0 and res.error or "status " .. res.status)
  end
  return { token = value.accessToken, source = "workload identity",
    expires = tools.time_of(value.expireTime) }
end

function readers.external_account(google, file)
  local subject, reason = subject_token(file.credential_source or {})
  if not subject then return nil, reason or "the subject's token is not where it should be" end
  local url = file.token_url or "https://sts.googleapis.com/v1/token"
  local impersonated = file.service_account_impersonation_url
  local found
  found, reason = token_of("workload identity", url, post_form(url, {
    grant_type = "urn:ietf:params:oauth:grant-type:token-exchange", audience = file.audience,
    scope = impersonated and SCOPE or google.scope, subject_token = subject,
    requested_token_type = "urn:ietf:params:oauth:token-type:access_token",
    subject_token_type = file.subject_token_type,
  }, "google token"))
  if not found or not impersonated then return found, reason end
  return impersonate(google, impersonated, found)
end

-- `named_by` is what names the file: the log may hide the path.
local function from_file(google, path, named_by)
  local text = raw.read_file(path)
  if not text then return nil, ("there is no file %s (%s)"):format(path, named_by) end
  local file = tools.decode(text)
  local read = readers[file.type or ""]
  if not read then
    return nil, ("%s (%s) is not of the type %s"):format(path, named_by,
      table.concat(tools.sorted_keys(readers), ", "))
  end
  local found, reason = read(google, file)
  return found, reason and ("%s (%s): %s"):format(path, named_by, reason)
end

local function from_metadata(google)
  local host = raw.variable("GCE_METADATA_HOST") or "metadata.google.internal"
  local url = ("http://%s/computeMetadata/v1/instance/service-accounts/default/token"):format(host)
  return token_of("metadata server", url, requests.send {
    method = "GET", url = url .. "?" .. tools.query { scopes = google.scope },
    label = "google token", headers = { ["Metadata-Flavor"] = "Google" }, kind = "neighbour",
    timeout = "2s", tries = 2,
  })
end

local function find(google)
  -- A file that is named counts alone.
  local given = google.settings.gcp_credentials_path
  if given then return from_file(google, given, "gcp_credentials_path") end
  local variable = "GOOGLE_APPLICATION_CREDENTIALS"
  if raw.variable(variable) then return from_file(google, raw.variable(variable), variable) end
  local folder = raw.variable("CLOUDSDK_CONFIG") or tools.home() .. "/.config/gcloud"
  local path = folder .. "/application_default_credentials.json"
  if raw.kind_of(path) then return from_file(google, path, "of gcloud") end
  local found, reason = from_metadata(google)
  if found then return found end
  return nil, ("GOOGLE_APPLICATION_CREDENTIALS (not set); %s (no such file); metadata server (%s)")
    :format(path, reason)
end

function M.new(settings)
  return { settings = settings, scope = settings.scope or SCOPE }
end

-- The token, which is asked for again before it expires; or nil and what was asked.
function M.find(google)
  local found = google.found
  if found and (not found.expires or found.expires - RENEW_BEFORE > raw.core.now()) then
    return found
  end
  local fresh, reason = find(google)
  if not fresh and found and found.expires > raw.core.now() then return found end
  google.found = fresh
  return fresh, reason and "no credentials for Google: " .. reason
end

return M
