-- Who we are to Azure: a key or a signature of an account, or a token of Microsoft Entra from the
-- sources that Azure's own libraries ask, in their order.
local raw, tools, requests = ...

local M = {}

local RENEW_BEFORE = 300000  -- ms
local SCOPE = "https://storage.azure.com/.default"

M.settings = tools.set_of [[
  azure_account_name azure_account_key azure_connection_string azure_sas_token]]

-- What every installation of the emulator has; it is no secret.
local emulator = {
  AccountName = "devstoreaccount1",
  AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/" ..
    "K1SZFPTOtr/KBHBeksoGMGw==",
  BlobEndpoint = "http://127.0.0.1:10000/devstoreaccount1",
}

-- "AccountName=a;AccountKey=b" as a table.
local function parse_connection(text)
  local parts = {}
  for entry in text:gmatch("[^;]+") do
    local name, value = entry:match("^%s*([^=]+)=(.*)$")
    if name then parts[name] = tools.trim(value) end
  end
  if parts.UseDevelopmentStorage == "true" then return emulator end
  return parts
end

-- An account, with what it may be asked by: settings go before the environment, and within either a
-- connection string before its parts.
local function find_account(settings, name)
  local account = { name = name or settings.azure_account_name, key = settings.azure_account_key,
    sas = settings.azure_sas_token }
  local connection = settings.azure_connection_string
  if not connection and not account.key and not account.sas then
    connection = raw.variable("AZURE_STORAGE_CONNECTION_STRING")
    account.key = not connection and raw.variable("AZURE_STORAGE_KEY") or nil
    account.sas = not connection and raw.variable("AZURE_STORAGE_SAS_TOKEN") or nil
  end
  local parts = connection and parse_connection(connection) or {}
  account.name = account.name or parts.AccountName or raw.variable("AZURE_STORAGE_ACCOUNT")
  account.key = account.key or parts.AccountKey
  account.sas = account.sas or parts.SharedAccessSignature
  account.endpoint = parts.BlobEndpoint or account.name and ("%s://%s.blob.%s"):format(
    parts.DefaultEndpointsProtocol or "https", account.name,
    parts.EndpointSuffix or "core.windows.net")
  if account.sas then account.sas = account.sas:gsub("^%?", "") end
  return account
end

-- Tokens ---------------------------------------------------------------------------------------

local function token_of(url, res)
  local value = tools.decode(res.body)
  if res.status ~= 200 or not value.access_token then
    local why = res.status == 0 and res.error or value.error_description or value.error
    return nil, ("%s: %s"):format(url, type(why) == "string" and why or "status " .. res.status)
  end
  return {
    token = value.access_token,
    expires = raw.core.now() + (tonumber(value.expires_in) or 3600) * 1000,
  }
end

-- A token for an application that has a secret, or another token, to show.
local function of_application(azure, form)
  local tenant, client = raw.variable("AZURE_TENANT_ID"), raw.variable("AZURE_CLIENT_ID")
  if not tenant or not client then return nil, "AZURE_TENANT_ID or AZURE_CLIENT_ID is not set" end
  local host = (raw.variable("AZURE_AUTHORITY_HOST") or "https://login.microsoftonline.com")
    :gsub("/+$", "")
  local url = ("%s/%s/oauth2/v2.0/token"):format(host, tenant)
  form.client_id, form.scope, form.grant_type = client, azure.scope, "client_credentials"
  return token_of(url, requests.send {
    method = "POST", url = url, label = "azure token", body = tools.query(form),
    headers = { ["Content-Type"] = "application/x-www-form-urlencoded" },
  })
end

local function from_secret(azure)
  local secret = raw.variable("AZURE_CLIENT_SECRET")
  if not secret then return nil, "AZURE_CLIENT_SECRET is not set" end
  return of_application(azure, { client_secret = secret })
end

local function from_workload(azure)
  local file = raw.variable("AZURE_FEDERATED_TOKEN_FILE")
  if not file then return nil, "AZURE_FEDERATED_TOKEN_FILE is not set" end
  local text = raw.read_file(file)
  if not text then return nil, "there is no file " .. file end
  return of_application(azure, {
    client_assertion = tools.trim(text),
    client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  })
end

local function from_managed(azure)
  local query = { resource = (azure.scope:gsub("%.default$", "")),
    client_id = raw.variable("AZURE_CLIENT_ID") }
  local url, headers = raw.variable("IDENTITY_ENDPOINT"), { Metadata = "true" }
  if url then
    query["api-version"] = "2019-08-01"
    headers = { ["X-IDENTITY-HEADER"] = raw.variable("IDENTITY_HEADER") }
  else
    query["api-version"] = "2018-02-01"
    url = (raw.variable("AZURE_POD_IDENTITY_AUTHORITY_HOST") or "http://169.254.169.254") ..
      "/metadata/identity/oauth2/token"
  end
  return token_of(url, requests.send {
    method = "GET", url = url .. "?" .. tools.query(query), label = "azure token",
    headers = headers, kind = "neighbour", timeout = "2s", tries = 2,
  })
end

local sources = {
  { "client secret", from_secret }, { "workload identity", from_workload },
  { "managed identity", from_managed },
}

local function find(azure)
  local asked = azure.account and { "account key (AZURE_STORAGE_KEY is not set)",
    "SAS (AZURE_STORAGE_SAS_TOKEN is not set)" } or {}
  for _, source in ipairs(sources) do
    local found, reason = source[2](azure)
    if found then return found end
    asked[#asked + 1] = ("%s (%s)"):format(source[1], reason)
  end
  return nil, "no credentials for Azure: " .. table.concat(asked, "; ")
end

-- The token, which is asked for again before it expires; or nil and what was asked.
function M.find_token(azure)
  local found = azure.found
  if found and found.expires - RENEW_BEFORE > raw.core.now() then return found end
  local fresh, reason = find(azure)
  if not fresh and found and found.expires > raw.core.now() then return found end
  azure.found = fresh
  return fresh, reason
end

-- Requests -------------------------------------------------------------------------------------

function M.new(settings, name)
  local account = find_account(settings, name)
  if not account.name and not account.endpoint then
    raw.fail("azure: the URI names no account, nor does azure_account_name, " ..
      "azure_connection_string or AZURE_STORAGE_ACCOUNT")
  end
  return { account = account, scope = SCOPE }
end

-- For services that take tokens only.
function M.new_tokens(settings)
  return { scope = settings.scope or SCOPE }
end

local signed = { "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5",
  "Content-Type", "Date", "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since",
  "Range" }

-- The text that a shared key signs: path is that of the URL, query a table.
local function text_to_sign(account, request)
  local lines = { request.method }
  for _, name in ipairs(signed) do lines[#lines + 1] = request.headers[name] or "" end
  for _, name in ipairs(tools.sorted_keys(request.headers)) do
    if name:find("^x%-ms%-") then lines[#lines + 1] = name .. ":" .. request.headers[name] end
  end
  local resource = { "/" .. account.name .. request.path }
  for _, name in ipairs(tools.sorted_keys(request.query)) do
    resource[#resource + 1] = name .. ":" .. request.query[name]
  end
  return table.concat(lines, "\n") .. "\n" .. table.concat(resource, "\n")
end

-- Adds to the headers of a request (method, path, query, headers, size) what says who we are, and
-- returns what is to be added to its query. Nil and the reason where nothing says so.
function M.sign(azure, request)
  local account, headers = azure.account, request.headers
  headers["x-ms-date"] = raw.time.format("%a, %d %b %Y %H:%M:%S GMT", raw.core.now())
  if account.key then
    headers["Content-Length"] = request.size and request.size > 0
      and ("%d"):format(request.size) or nil
    local key = raw.encoding.b64decode(account.key)
    local signature = raw.crypto.hmac("sha256", key, text_to_sign(account, request), "base64")
    headers["Content-Length"] = nil
    headers.Authorization = ("SharedKey %s:%s"):format(account.name, signature)
    return ""
  end
  if account.sas then return account.sas end
  local found, reason = M.find_token(azure)
  if not found then return nil, reason end
  headers.Authorization = "Bearer " .. found.token
  return ""
end

return M
