-- perigee.credentials: who a script is to clouds, and signatures of its requests.
local raw, guard = ...

local load = raw.load
local tools = load("tools", raw)
local requests = load("requests", raw)
local aws = load("aws", raw, tools, requests)
local azure = load("azure", raw, tools, requests)
local google = load("google", raw, tools, requests)
local oracle = load("oracle", raw, tools, requests)

local request_keys = tools.set_of "method url headers body body_hash service region"

local of_aws = setmetatable({}, { __mode = "k" })

local function found_of(object)
  local found, reason = aws.find(of_aws[object])
  return found or raw.fail(reason)
end

local methods = {
  get = function(object)
    local copy = {}
    for key, value in next, found_of(object) do copy[key] = value end
    return copy
  end,
  sign = function(object, request)
    tools.check_keys(request, request_keys, "aws_credentials:sign")
    if not request.service or not request.url then
      raw.fail('aws_credentials:sign: a request has a url and a service, such as "bedrock"')
    end
    local state = of_aws[object]
    local signed = {
      method = request.method or "GET", url = request.url, headers = request.headers,
      body = request.body, body_hash = request.body_hash,
    }
    return aws.sign_with(found_of(object), signed, request.service,
      request.region or aws.region(state), state.skew)
  end,
}

local meta = { __metatable = false }
guard.all("aws_credentials:", methods, meta)
meta.__index = methods

-- Objects that have a token: get() and headers(). `find` returns the token, or nil and the reason.
local function tokens_of(class, find)
  local states = setmetatable({}, { __mode = "k" })
  local function token_of(object)
    local found, reason = find(states[object])
    return found or raw.fail(reason)
  end
  local token_methods = {
    get = function(object)
      local copy = {}
      for key, value in next, token_of(object) do copy[key] = value end
      return copy
    end,
    headers = function(object)
      return { Authorization = "Bearer " .. token_of(object).token }
    end,
  }
  local token_meta = { __metatable = false }
  guard.all(class, token_methods, token_meta)
  token_meta.__index = token_methods
  return function(state)
    local object = setmetatable({}, token_meta)
    states[object] = state
    return object
  end
end

local new_google = tokens_of("google_credentials:", google.find)
local new_azure = tokens_of("azure_credentials:", azure.find_token)
local azure_settings = tools.set_of "scope"

-- OCI signs as Amazon does: each request.
local of_oci = setmetatable({}, { __mode = "k" })
local oci_request_keys = tools.set_of "method url headers body"

local oci_methods = {
  sign = function(object, request)
    tools.check_keys(request, oci_request_keys, "oci_credentials:sign")
    if not request.url then raw.fail("oci_credentials:sign: a request has a url") end
    local found, reason = oracle.find(of_oci[object])
    if not found then raw.fail(reason) end
    return oracle.sign_with(found, {
      method = (request.method or "GET"):upper(), url = request.url, headers = request.headers,
      body = request.body,
    })
  end,
}

local oci_meta = { __metatable = false }
guard.all("oci_credentials:", oci_methods, oci_meta)
oci_meta.__index = oci_methods

return {
  azure = function(settings)
    return new_azure(azure.new_tokens(
      tools.check_keys(settings or {}, azure_settings, "credentials.azure")))
  end,
  google = function(settings)
    return new_google(google.new(
      tools.check_keys(settings or {}, google.settings, "credentials.google")))
  end,
  oci = function(settings)
    local given = tools.check_keys(settings or {}, oracle.settings, "credentials.oci")
    local object = setmetatable({}, oci_meta)
    of_oci[object] = oracle.new(given)
    return object
  end,
  aws = function(settings)
    local given = tools.check_keys(settings or {}, aws.settings, "credentials.aws")
    local object = setmetatable({}, meta)
    of_aws[object] = aws.new(given)
    return object
  end,
}
