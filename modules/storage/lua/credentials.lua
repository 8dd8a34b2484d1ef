-- perigee.credentials: who a script is to clouds, and signatures of its requests.
local raw, guard = ...

local load = raw.load
local tools = load("tools", raw)
local requests = load("requests", raw)
local aws = load("aws", raw, tools, requests)
local google = load("google", raw, tools, requests)

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

local of_google = setmetatable({}, { __mode = "k" })

local function token_of(object)
  local found, reason = google.find(of_google[object])
  return found or raw.fail(reason)
end

local google_methods = {
  get = function(object)
    local copy = {}
    for key, value in next, token_of(object) do copy[key] = value end
    return copy
  end,
  headers = function(object)
    return { Authorization = "Bearer " .. token_of(object).token }
  end,
}

local google_meta = { __metatable = false }
guard.all("google_credentials:", google_methods, google_meta)
google_meta.__index = google_methods

return {
  google = function(settings)
    local given = tools.check_keys(settings or {}, google.settings, "credentials.google")
    local object = setmetatable({}, google_meta)
    of_google[object] = google.new(given)
    return object
  end,
  aws = function(settings)
    local given = tools.check_keys(settings or {}, aws.settings, "credentials.aws")
    local object = setmetatable({}, meta)
    of_aws[object] = aws.new(given)
    return object
  end,
}
