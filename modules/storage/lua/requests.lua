-- Requests to clouds: on connections of their own, none of which counts as failed because of its
-- status, and sent again with longer and longer pauses where that may help.
local raw = ...

local http = raw.http

local M = {}

local TRIES = 5
local MENDS = 3           -- a wrong clock, region and token at once
local FIRST_PAUSE = 0.2   -- seconds
local LONGEST_PAUSE = 20

-- Metadata servers are neighbours: no proxy leads to them. Bodies hold tokens and people's files.
local settings_of = {
  cloud = function()
    local bundle = raw.variable("AWS_CA_BUNDLE")
    return {
      shared = "perigee.storage", userAgent = "perigee", logBodies = false,
      tls = bundle and { tlsCACerts = { bundle } } or nil,
    }
  end,
  neighbour = function()
    return {
      shared = "perigee.storage metadata", userAgent = "perigee", proxy = false, logBodies = false,
    }
  end,
}

local function client_of(kind)
  local own = raw.own_table()
  if not own[kind] then own[kind] = raw.as_init(http.client, settings_of[kind]()) end
  return own[kind]
end

local function params_of(request, headers)
  return {
    -- A URL may hold a signature, which is for nobody who reads metrics.
    tags = { name = request.label, url = request.label },
    headers = headers, responseCallback = false, redirects = 0,
    throw = false, timeout = request.timeout or "60s", jar = http.new_cookie_jar(),
    -- A stream gives its bytes as they are.
    responseType = not request.receive and "binary" or nil,
  }
end

-- Whether a request may succeed when it is sent again.
local function is_passing(res)
  return res.status == 0 or res.status == 408 or res.status == 429 or res.status >= 500
end

local function pause_after(res, try)
  local asked = res.status > 0 and tonumber(res.headers["Retry-After"])
  return math.min(asked or FIRST_PAUSE * 2 ^ (try - 1), LONGEST_PAUSE)
end

-- Sends a request: method, label (which names it in the metrics), and url, headers and body, or
-- `make`, which returns the three for each try; kind (of the client), timeout, tries; `again`,
-- which may look at a response and have the request sent once more, as it mends what was wrong;
-- receive, which sends the
-- request instead, for a body that comes in pieces.
-- Returns the response, and after how many tries.
function M.send(request)
  local tries = request.tries or TRIES
  local client = client_of(request.kind or "cloud")
  local mends = 0
  local try = 0
  while true do
    try = try + 1
    local url, headers, body = request.url, request.headers, request.body
    if request.make then url, headers, body = request.make() end
    local params = params_of(request, headers)
    local res
    if request.receive then
      res = request.receive(client, url, params)
    else
      res = client:request(request.method, url, body, params)
    end
    if mends < MENDS and request.again and request.again(res) then
      mends = mends + 1
    elseif is_passing(res) and try < tries then
      raw.core.sleep(pause_after(res, try))
    else
      return res, try
    end
  end
end

return M
