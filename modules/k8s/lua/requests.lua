-- Requests to the API server: connections that the VUs of a worker share, credentials, what is
-- tried again, the server's warnings, and the samples.
local raw, tools, errors, config = ...

local http, json, metrics, now = raw.http, raw.json, raw.metrics, raw.now
local record, record_call, record_request = raw.record, raw.record_call, raw.record_request
local type = type

local M = {}

local MAX_TRIES = 10         -- of a request that the server is too busy for
local LONGEST_PAUSE = 30     -- seconds, whatever Retry-After says
local default_timeout = 60000

local json_type = "application/json"

-- A client of a script: what it is configured by, and the connections, which are made when they are
-- first used.
function M.new_client(settings)
  local found = config.find(settings)
  local manager = settings.field_manager or "perigee"
  return {
    config = found, settings = settings, namespace = found.namespace,
    timeout = tools.duration(settings.timeout, "k8s.client: timeout", default_timeout),
    field_manager = manager, write_query = tools.query("fieldManager", manager),
  }
end

-- The same for what runs beside the load, and so by another VU, whose connections are its own.
function M.beside_load(client)
  local copy = {}
  for key, value in next, client do copy[key] = value end
  copy.connection, copy.beside_load = nil, true
  return copy
end

-- The HTTP client of the running VU for a configuration.
local function find_connection(client)
  local own, found = raw.own_table(), client.config
  local made = own[found.id]
  if not made then
    made = raw.as_init(http.client, {
      shared = "kubernetes " .. found.id, tls = found.tls, proxy = found.proxy,
      userAgent = "perigee",
    })
    own[found.id] = made
  end
  client.connection = made
  return made
end

function M.http_client(client) return client.connection or find_connection(client) end

-- Samples --------------------------------------------------------------------------------------

local labels, label_count = {}, 0

-- The tags of a call's samples, with the text that names them.
local function label_of(verb, resource)
  local of_verb = labels[verb]
  if not of_verb then
    of_verb = {}
    labels[verb] = of_verb
  end
  local label = of_verb[resource]
  if not label then
    label_count = label_count + 1
    label = {
      number = label_count, verb = verb, resource = resource, key = verb .. " " .. resource,
      tags = { verb = verb, resource = resource },
      name = { name = "k8s " .. verb .. " " .. resource },
    }
    of_verb[resource] = label
  end
  return label
end

-- What goes on all the same is no failure.
local function record_end(label, call, began, failure, goes_on)
  if failure and call.mends and call.mends(failure) then goes_on = true end
  record_request(label.number, label.verb, label.resource, began, failure == nil)
  if not failure then return end
  if failure.code == 429 then record(metrics.reqs_throttled, 1, label.key, label.tags) end
  if goes_on then return end
  record(metrics.req_failed, 1, label.key .. " " .. failure.reason,
    { verb = label.tags.verb, resource = label.tags.resource, reason = failure.reason })
end

-- Responses ------------------------------------------------------------------------------------

local warned = {}

-- Warnings are shown once: 299 - "unknown field \"spec.x\""
local function show_warnings(text)
  for warning in text:gmatch('299 %S+ "(.-[^\\])"') do
    if not warned[warning] then
      warned[warning] = true
      raw.warn("k8s: the server warns: " .. warning:gsub('\\(.)', "%1"))
    end
  end
end

local function pause_of(res)
  local seconds = tonumber(res.headers["Retry-After"])
  if not seconds then return nil end
  return math.min(math.max(seconds, 0.01), LONGEST_PAUSE)
end

-- The seconds after which the request goes again: the server says so, or it was too busy.
local function retry_pause(res, try)
  if try >= MAX_TRIES or res.status ~= 429 and res.status < 500 then return nil end
  return pause_of(res) or res.status == 429 and math.min(0.1 * 2 ^ try, LONGEST_PAUSE) or nil
end

-- Sending --------------------------------------------------------------------------------------

-- The parameters of a request, which those that are alike share while the credentials stay: all
-- VUs of the worker.
local function params_of(label, content_type, accept, timeout, authorization)
  local known = label[content_type or ""]
  if known and known.authorization == authorization and known.timeout == timeout and
    known.accept == accept then
    return known.params
  end
  local params = {
    headers = {
      Authorization = authorization, Accept = accept or json_type, ["Content-Type"] = content_type,
    },
    tags = label.name, responseCallback = false, redirects = 0, timeout = timeout,
  }
  label[content_type or ""] = {
    authorization = authorization, timeout = timeout, accept = accept, params = params,
  }
  return params
end

-- The call in words, which only its failure needs.
local function words_of(call, label)
  if call.what then return call.what end
  if not call.kind then return label.key end
  local text = call.verb .. " " .. call.kind.plural
  if call.name then text = ("%s \"%s\""):format(text, call.name) end
  if call.kind.namespaced and call.namespace then text = text .. " in " .. call.namespace end
  return text
end

local function outcome_of(res, call, label)
  if res.status >= 200 and res.status < 300 then
    if call.as_text or res.body == nil or res.body == "" then return res.body or "" end
    local value = tools.decode(res.body)
    if value ~= nil then return value end
    return nil, errors.new(words_of(call, label), res.status, "Unreadable",
      "the response is not JSON")
  end
  local what = words_of(call, label)
  if res.status == 0 then return nil, errors.new(what, 0, "Connection", res.error) end
  return nil, errors.of_status(what, res.status, tools.decode(res.body or ""), res.body)
end

-- The client's own throttle, which what runs beside the load is free of: no wait is the longer for
-- it. Returns a failure where the turn comes after the call's end.
local function take_turn(client, call, label, until_ms)
  local found = client.config
  if not found.qps or client.beside_load then return nil end
  local pause = raw.take_turn(found.text, found.qps, found.burst, until_ms - now())
  if not pause then
    return errors.new(words_of(call, label), 0, "Throttled",
      ("by qps = %g the call may not be sent before its timeout"):format(found.qps))
  end
  record(metrics.throttle_wait, pause * 1000, label.key, label.tags)
  if pause > 0 then raw.core.sleep(pause) end
end

-- What scripts ask for is counted, not what the module wants to know for itself.
local function count_call(client, call, label, is_achieved)
  if client.beside_load or call.expected then return end
  record_call(label.number, label.verb, label.resource, is_achieved)
end

-- Whether a call goes on after this response, and after how many seconds. A token that is refused
-- may have become another one.
local function next_try(client, res, failure, try, is_renewed, until_ms)
  local pause = retry_pause(res, try)
  local renews = failure.code == 401 and not is_renewed and config.renewable(client.config)
  if renews then pause = 0 end
  if not pause or now() + pause * 1000 > until_ms then return nil end
  return pause, renews
end

-- One request of a call. Returns its response, and what it comes to.
local function send_once(client, call, label, timeout, is_renewed)
  local authorization = config.authorization(client.config, is_renewed)
  local params = params_of(label, call.content_type, call.accept, timeout, authorization)
  local res = M.http_client(client):request(
    call.method, client.config.server .. call.path, call.body, params)
  local warning = raw.warnings(res)
  if warning then show_warnings(warning) end
  return res, outcome_of(res, call, label)
end

-- Sends `call`: verb, resource, method, path, body (text), content_type, accept, timeout (ms),
-- as_text, expected (a status that is no failure of the request), mends (whether the caller deals
-- with a failure, so that it counts as none); and for words about it `what`, or kind, name and
-- namespace.
-- Returns what came, nil and the status; or nil and the failure.
function M.send(client, call)
  local label = label_of(call.verb, call.resource)
  local timeout = call.timeout or client.timeout
  local until_ms, renews, try = now() + timeout, false, 0
  count_call(client, call, label, false)
  while true do
    try = try + 1
    local refusal = take_turn(client, call, label, until_ms)
    if refusal then return nil, refusal end
    local began = now()
    local res, value, failure = send_once(client, call, label, timeout, renews)
    if not failure or res.status == call.expected then
      record_end(label, call, began, nil)
      if not failure then count_call(client, call, label, true) end
      return value, failure, res.status
    end
    local pause
    pause, renews = next_try(client, res, failure, try, renews, until_ms)
    record_end(label, call, began, failure, pause ~= nil and failure.code == 429)
    if not pause then return nil, failure end
    if pause > 0 then raw.core.sleep(pause) end
  end
end

-- Where the caller deals with failures none is logged: they are raised, and caught.
local function open_once(client, call, label, is_renewed)
  local connection = M.http_client(client)
  local ok, stream = pcall(connection.stream, connection, "GET",
    client.config.server .. call.path, nil, {
    headers = {
      Authorization = config.authorization(client.config, is_renewed),
      Accept = call.accept or json_type,
    },
    tags = label.name, responseCallback = false, redirects = 0,
    timeout = call.timeout or "24h", idleTimeout = call.idle_timeout,
    throw = call.mends ~= nil,
  })
  if ok then return stream end
  return { status = 0, error = tostring(stream) }
end

-- Opens a stream of lines, as watches and logs are. Returns it and when it began, or nil and the
-- failure.
function M.open(client, call)
  local label, renews = label_of(call.verb, call.resource), false
  count_call(client, call, label, false)
  while true do
    local refusal = take_turn(client, call, label, now() + client.timeout)
    if refusal then return nil, refusal end
    local began = now()
    local stream = open_once(client, call, label, renews)
    if stream.status >= 200 and stream.status < 300 then
      record_end(label, call, began, nil)
      count_call(client, call, label, true)
      return stream, began
    end
    local body = stream.status > 0 and stream:text() or ""
    local _, failure = outcome_of(
      { status = stream.status, error = stream.error, body = body }, call, label)
    record_end(label, call, began, failure)
    if failure.code ~= 401 or renews or not config.renewable(client.config) then
      return nil, failure
    end
    renews = true
  end
end

-- For what is no request of HTTP alone: `act` returns what it comes to, or nil and the failure.
function M.measure(client, call, act)
  local label = label_of(call.verb, call.resource)
  count_call(client, call, label, false)
  local refusal = take_turn(client, call, label, now() + client.timeout)
  if refusal then return nil, refusal end
  local began = now()
  local value, failure = act()
  record_end(label, call, began, failure)
  if value then count_call(client, call, label, true) end
  return value, failure
end

-- `anew`: the server has refused the last one.
function M.authorization(client, anew) return config.authorization(client.config, anew) end

function M.renewable(client) return config.renewable(client.config) end

function M.encode(value)
  return type(value) == "string" and value or json.encode(value)
end

return M
