-- Who we are to Amazon's services, from the sources that its own tools ask in their order, and
-- signatures of requests (AWS Signature Version 4).
local raw, tools, requests = ...

local M = {}

-- Milliseconds before their end at which credentials are asked for again.
local RENEW_BEFORE = 300000
local EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

M.settings = tools.set_of [[
  aws_access_key_id aws_secret_access_key aws_session_token aws_profile aws_region]]

-- Profiles -------------------------------------------------------------------------------------

local function profile_files()
  return {
    raw.variable("AWS_CONFIG_FILE") or tools.home() .. "/.aws/config",
    raw.variable("AWS_SHARED_CREDENTIALS_FILE") or tools.home() .. "/.aws/credentials",
  }
end

-- What both files say of a profile: the credentials' file goes first.
local function read_profile(name)
  local profile, found = {}, false
  for _, path in ipairs(profile_files()) do
    local text = raw.read_file(path)
    for key, value in pairs(text and tools.parse_ini(text)[name] or {}) do
      profile[key], found = value, true
    end
  end
  return found and profile or nil
end

local function profile_name(aws)
  return aws.settings.aws_profile or raw.variable("AWS_PROFILE") or "default"
end

local function profile_of(aws)
  if aws.profile == nil then aws.profile = read_profile(profile_name(aws)) or false end
  return aws.profile or nil
end

-- The value of a setting, else of variables, else of the profile.
local function find_setting(aws, setting, variables, key)
  if aws.settings[setting] then return aws.settings[setting] end
  for _, name in ipairs(variables) do
    if raw.variable(name) then return raw.variable(name) end
  end
  local profile = profile_of(aws)
  return profile and profile[key]
end

function M.region(aws)
  return find_setting(aws, "aws_region", { "AWS_REGION", "AWS_DEFAULT_REGION" }, "region")
    or "us-east-1"
end

-- The URL that stands for a service's own: S3's, STS's.
function M.endpoint(aws, service)
  local own = raw.variable("AWS_ENDPOINT_URL_" .. service) or raw.variable("AWS_ENDPOINT_URL")
  local profile = not own and profile_of(aws)
  local url = own or profile and profile.endpoint_url
  return url and url:gsub("/+$", "")
end

-- Sources --------------------------------------------------------------------------------------

local function keys(source, access_key, secret_key, token, expires)
  return {
    access_key_id = access_key, secret_access_key = secret_key, session_token = token,
    expires = expires, source = source,
  }
end

-- Each source returns credentials, or nil and why it has none.

local function from_settings(aws)
  local given = aws.settings
  local id, secret = given.aws_access_key_id, given.aws_secret_access_key
  if not id and not secret then return nil, "not given" end
  if not id or not secret then
    return nil, "aws_access_key_id and aws_secret_access_key are only complete together"
  end
  return keys("settings", id, secret, given.aws_session_token)
end

local function from_environment(aws)
  if aws.settings.aws_profile then return nil, "not asked, as aws_profile is given" end
  local id, secret = raw.variable("AWS_ACCESS_KEY_ID"), raw.variable("AWS_SECRET_ACCESS_KEY")
  if not id then return nil, "AWS_ACCESS_KEY_ID is not set" end
  if not secret then return nil, "AWS_SECRET_ACCESS_KEY is not set" end
  return keys("environment", id, secret, raw.variable("AWS_SESSION_TOKEN"))
end

-- What STS says: keys, or nil and why not. Tokens go in the body, which no log shows.
local function call_sts(aws, action, form, signer)
  form.Action, form.Version = action, "2011-06-15"
  local region = M.region(aws)
  local url = (M.endpoint(aws, "STS") or ("https://sts.%s.amazonaws.com"):format(region)) .. "/"
  local request = {
    method = "POST", url = url, label = "sts " .. action, body = tools.query(form),
    headers = { ["Content-Type"] = "application/x-www-form-urlencoded" },
  }
  if signer then request.headers = M.sign_with(signer, request, "sts", region) end
  local res = requests.send(request)
  if res.status ~= 200 then
    return nil, ("%s: %s"):format(url, res.status == 0 and res.error
      or tools.xml(res.body, "Message") or "status " .. res.status)
  end
  return keys("STS", tools.xml(res.body, "AccessKeyId"), tools.xml(res.body, "SecretAccessKey"),
    tools.xml(res.body, "SessionToken"), tools.time_of(tools.xml(res.body, "Expiration")))
end

local function web_identity(aws, file, role, session)
  local token = raw.read_file(file)
  if not token then return nil, "there is no file " .. file end
  if not role then return nil, "AWS_ROLE_ARN is not set" end
  return call_sts(aws, "AssumeRoleWithWebIdentity", {
    RoleArn = role, RoleSessionName = session or "perigee", WebIdentityToken = tools.trim(token),
  })
end

-- Keys that a program prints, as JSON.
local function of_process(name, line)
  local ok, text = pcall(raw.run_command, "sh", "-c", line)
  if not ok then
    local why = tostring(text):gsub("^[^\n]-:%d+: ", ""):gsub("^aws_credentials:get: ", "")
    return nil, "its credential_process: " .. why
  end
  local value = tools.decode(text)
  if value.Version ~= 1 or not value.AccessKeyId or not value.SecretAccessKey then
    return nil, "its credential_process printed no keys of version 1"
  end
  return keys("process of profile " .. name, value.AccessKeyId, value.SecretAccessKey,
    value.SessionToken, tools.time_of(value.Expiration))
end

-- Keys of a session that `aws sso login` has begun: its token lies in a file that is called by the
-- SHA-1 of the session's name, or of its URL where it has none.
local function of_sso(aws, name, profile)
  local session = profile
  if profile.sso_session then session = read_profile("sso-session " .. profile.sso_session) end
  if not session or not session.sso_region then return nil, "its SSO session has no sso_region" end
  if not profile.sso_account_id or not profile.sso_role_name then
    return nil, "it has no sso_account_id and sso_role_name"
  end
  local called = raw.crypto.sha1(profile.sso_session or profile.sso_start_url or "")
  local kept = tools.decode(raw.read_file(("%s/.aws/sso/cache/%s.json"):format(
    tools.home(), called)))
  local ends = tools.time_of(kept.expiresAt)
  if not kept.accessToken or not ends or ends < raw.core.now() then
    return nil, ("its SSO session has ended: run aws sso login --profile %s"):format(name)
  end
  local base = M.endpoint(aws, "SSO")
    or ("https://portal.sso.%s.amazonaws.com"):format(session.sso_region)
  local res = requests.send {
    method = "GET", label = "sso credentials", url = base .. "/federation/credentials?" ..
      tools.query { account_id = profile.sso_account_id, role_name = profile.sso_role_name },
    headers = { ["x-amz-sso_bearer_token"] = kept.accessToken },
  }
  local found = tools.decode(res.body).roleCredentials
  if res.status ~= 200 or type(found) ~= "table" then
    return nil, ("%s: %s"):format(base, res.status == 0 and res.error or "status " .. res.status)
  end
  return keys("SSO of profile " .. name, found.accessKeyId, found.secretAccessKey,
    found.sessionToken, tonumber(found.expiration))
end

local function of_profile(aws, name, profile, depth)
  if profile.role_arn then
    if profile.web_identity_token_file then
      return web_identity(aws, profile.web_identity_token_file, profile.role_arn,
        profile.role_session_name)
    end
    local source = profile.source_profile
    if not source then return nil, "its role_arn has no source_profile" end
    local given = source == name and { aws_access_key_id = profile.aws_access_key_id,
      aws_secret_access_key = profile.aws_secret_access_key } or read_profile(source)
    if not given then return nil, ("there is no profile \"%s\""):format(source) end
    if depth > 4 then return nil, "its roles have sources without an end" end
    local signer, reason = of_profile(aws, source, given, depth + 1)
    if not signer then return nil, reason end
    return call_sts(aws, "AssumeRole", {
      RoleArn = profile.role_arn, RoleSessionName = profile.role_session_name or "perigee",
      ExternalId = profile.external_id,
    }, signer)
  end
  if profile.aws_access_key_id and profile.aws_secret_access_key then
    return keys("profile " .. name, profile.aws_access_key_id, profile.aws_secret_access_key,
      profile.aws_session_token)
  end
  if profile.sso_session or profile.sso_start_url then return of_sso(aws, name, profile) end
  if profile.credential_process then return of_process(name, profile.credential_process) end
  return nil, "it has no aws_access_key_id and aws_secret_access_key"
end

local function from_profile(aws)
  local name, profile = profile_name(aws), profile_of(aws)
  if not profile then
    return nil, ("there is no profile \"%s\" in %s"):format(name,
      table.concat(profile_files(), " and "))
  end
  return of_profile(aws, name, profile, 0)
end

local function from_web_identity(aws)
  local file = raw.variable("AWS_WEB_IDENTITY_TOKEN_FILE")
  if not file then return nil, "AWS_WEB_IDENTITY_TOKEN_FILE is not set" end
  return web_identity(aws, file, raw.variable("AWS_ROLE_ARN"),
    raw.variable("AWS_ROLE_SESSION_NAME"))
end

-- Keys as metadata servers write them in JSON.
local function keys_of_json(source, url, res)
  local value = tools.decode(res.body)
  if res.status ~= 200 or not value.AccessKeyId then
    return nil, ("%s: %s"):format(url, res.status == 0 and res.error or "status " .. res.status)
  end
  return keys(source, value.AccessKeyId, value.SecretAccessKey, value.Token,
    tools.time_of(value.Expiration))
end

local function ask_neighbour(method, url, headers, label)
  return requests.send {
    method = method, url = url, headers = headers, label = label, kind = "neighbour",
    timeout = "2s", tries = 2,
  }
end

local function from_container()
  local path = raw.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
  local url = path and "http://169.254.170.2" .. path
    or raw.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")
  if not url then return nil, "AWS_CONTAINER_CREDENTIALS_FULL_URI is not set" end
  local file = raw.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
  local token = file and raw.read_file(file) or raw.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
  return keys_of_json("container", url, ask_neighbour("GET", url,
    { Authorization = token and tools.trim(token) }, "container credentials"))
end

-- Version 2 of the metadata service: a token first, which servers that were tricked can't have.
local function from_instance()
  if (raw.variable("AWS_EC2_METADATA_DISABLED") or ""):lower() == "true" then
    return nil, "AWS_EC2_METADATA_DISABLED is set"
  end
  local base = (raw.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") or "http://169.254.169.254")
    :gsub("/+$", "")
  local token = ask_neighbour("PUT", base .. "/latest/api/token",
    { ["X-aws-ec2-metadata-token-ttl-seconds"] = "21600" }, "instance metadata")
  if token.status ~= 200 then
    return nil, ("%s: %s"):format(base, token.status == 0 and token.error
      or "status " .. token.status)
  end
  local headers = { ["X-aws-ec2-metadata-token"] = token.body }
  local url = base .. "/latest/meta-data/iam/security-credentials/"
  local roles = ask_neighbour("GET", url, headers, "instance metadata")
  local role = roles.status == 200 and roles.body:match("%S+")
  if not role then return nil, url .. ": this instance has no role" end
  return keys_of_json("instance metadata", url,
    ask_neighbour("GET", url .. role, headers, "instance metadata"))
end

local sources = {
  { "settings", from_settings }, { "environment", from_environment },
  { "profile", from_profile }, { "web identity", from_web_identity },
  { "container", from_container }, { "instance metadata", from_instance },
}

-- Credentials ----------------------------------------------------------------------------------

function M.new(settings)
  return { settings = settings, skew = 0 }
end

local function find(aws)
  local asked = {}
  for _, source in ipairs(sources) do
    local found, reason = source[2](aws)
    if found then return found end
    asked[#asked + 1] = ("%s (%s)"):format(source[1], reason)
    -- What was asked for by name and can't be had is not made up for by something else.
    if source[1] == "profile" and aws.settings.aws_profile then break end
    if source[1] == "settings" and reason ~= "not given" then break end
  end
  return nil, "no credentials for AWS: " .. table.concat(asked, "; ")
end

-- The credentials, which are asked for again before they expire; or nil and what was asked.
function M.find(aws)
  local found = aws.found
  if found and (not found.expires or found.expires - RENEW_BEFORE > raw.core.now()) then
    return found
  end
  local fresh, reason = find(aws)
  -- Those that are still good serve while they can't be renewed.
  if not fresh and found and found.expires > raw.core.now() then return found end
  aws.found = fresh
  return fresh, reason
end

-- The headers of a request (method, url, headers, body or body_hash) with its signature.
function M.sign_with(found, request, service, region, skew)
  local host, target = tools.split_url(request.url)
  local time = raw.time.format("%Y%m%dT%H%M%SZ", raw.core.now() + (skew or 0))
  local headers = {}
  for name, value in pairs(request.headers or {}) do headers[name] = tostring(value) end
  headers["X-Amz-Date"] = time
  headers["X-Amz-Security-Token"] = found.session_token
  local hash = request.body_hash
  if service == "s3" then
    hash = hash or request.body and raw.crypto.sha256(request.body) or EMPTY_HASH
    headers["X-Amz-Content-Sha256"] = hash
  end
  headers.Host = host
  local authorization = raw.aws_authorization({
    region = region, service = service, access_key = found.access_key_id,
    secret_key = found.secret_access_key,
  }, {
    method = request.method, target = target, headers = headers, body = request.body,
    body_hash = hash,
  }, time)
  headers.Authorization = authorization
  return headers
end

-- Takes over the clock of a server that has refused ours. Returns whether that may help.
function M.mend_clock(aws, res)
  local code = res.status == 403 and tools.xml(res.body, "Code")
  if code ~= "RequestTimeTooSkewed" and code ~= "RequestExpired" then return false end
  local theirs = tools.http_time(res.headers.Date)
  if not theirs then return false end
  aws.skew = theirs - raw.core.now()
  raw.warn(("the clock of this machine is off by %d s from that of the server: signatures go by " ..
    "the server's"):format(math.floor(aws.skew / 1000 + 0.5)))
  return true
end

return M
