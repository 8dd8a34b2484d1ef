-- What a script gets as the response of a request. What is seldom asked for lies in the list part,
-- raw, and becomes a field when it is first read.
local describe_request, parse_headers, parse_trailers, parse_cookies, take_body, decode, find_json,
  tls_parameters, guard = ...

local error, rawget, rawset, setmetatable, tostring, type =
  error, rawget, rawset, setmetatable, tostring, type
local find, gsub, lower, sub, upper =
  string.find, string.gsub, string.lower, string.sub, string.upper

-- Fifteen, and no more: a table with a longer list part is two pieces of memory.
local ERROR, CODE, FIELDS, REASON, BLOCKED, CONNECTING, TLS, SENDING, WAITING, RECEIVING, IP,
  PACKED, METHOD, REQUEST_BODY, PARAMS = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
-- PACKED holds the version of HTTP, the peer's port, and which of tls_parameters were agreed on.
-- Those that few responses have.
local BODY, URL, TRAILERS = 16, 17, 18

local versions = { [0] = "HTTP/1.0", "HTTP/1.1", "HTTP/2.0" }

local lazy = {}

-- Names are canonical, like Content-Type; one in another case finds the same value.
local headers_meta = { __metatable = false }

function headers_meta.__index(headers, name)
  if type(name) ~= "string" then return nil end
  return rawget(headers, (gsub(name, "[^-]+", function(word)
    return upper(sub(word, 1, 1)) .. lower(sub(word, 2))
  end)))
end

function lazy.headers(res)
  return setmetatable(parse_headers(res[FIELDS]), headers_meta)
end

-- Names are in lower case, as HTTP/2 sends them.
function lazy.trailers(res)
  return parse_trailers(rawget(res, TRAILERS) or "")
end

function lazy.cookies(res)
  return parse_cookies(res[FIELDS])
end

function lazy.timings(res)
  return {
    blocked = res[BLOCKED], looking_up = 0, connecting = res[CONNECTING],
    tls_handshaking = res[TLS], sending = res[SENDING], waiting = res[WAITING],
    receiving = res[RECEIVING], duration = res[SENDING] + res[WAITING] + res[RECEIVING],
  }
end

function lazy.status_text(res)
  if res.status == 0 then return "" end
  return res.status .. " " .. res[REASON]
end

function lazy.proto(res)
  if res.status == 0 then return "" end
  return versions[res[PACKED] % 4]
end

function lazy.error(res)
  return res[ERROR]
end

function lazy.error_code(res)
  return res[CODE]
end

function lazy.remote_ip(res)
  return res[IP]
end

function lazy.remote_port(res)
  return (res[PACKED] % 2 ^ 18 - res[PACKED] % 4) / 4
end

local function tls_parameter(res, name)
  local parameters = tls_parameters[(res[PACKED] - res[PACKED] % 2 ^ 18) / 2 ^ 18]
  return parameters and parameters[name] or ""
end

function lazy.tls_version(res)
  return tls_parameter(res, "version")
end

function lazy.tls_cipher_suite(res)
  return tls_parameter(res, "cipher_suite")
end

function lazy.tls_resumed(res)
  return tls_parameter(res, "resumed") == true
end

function lazy.request(res)
  return describe_request(res[METHOD], res[URL] or res.url, res[REQUEST_BODY], res[PARAMS])
end

function lazy.body(res)
  local body = rawget(res, BODY)
  return body and take_body(body)
end

local methods = {}

function methods.json(res, path)
  if res.body == nil then
    error("res:json(): the response has no body (status " .. res.status .. ", " ..
      (res.error ~= "" and res.error or "responseType \"none\"") .. ")", 2)
  end
  if path ~= nil then return find_json(res.body, path) end
  return decode(res.body)
end

local known = "status, status_text, body, headers, trailers, cookies, url, proto, error, " ..
  "error_code, timings, remote_ip, remote_port, request, tls_version, tls_cipher_suite, " ..
  "tls_resumed, json()"

-- What k6 has and this version has not.
local refused = {
  html = "res:html() is not available: search res.body with string.match",
  submit_form = "res:submit_form() is not available: send the form with http.post",
  click_link = "res:click_link() is not available: send the link's request with http.get",
  ocsp = "res.ocsp is not available: certificates are not looked up at their authorities",
}
refused.submitForm, refused.clickLink = refused.submit_form, refused.click_link

-- How much of a body console.log shows.
local most_shown = 1000

local function beginning(body)
  if find(body, "[%z\1-\8\14-\31]") then return "(" .. #body .. " bytes that are no text)" end
  if #body <= most_shown then return body end
  local last = most_shown
  -- A character is shown as a whole.
  while find(sub(body, last + 1, last + 1), "[\128-\191]") do last = last - 1 end
  return sub(body, 1, last) .. "... (" .. #body .. " bytes)"
end

-- What console.log shows.
local function show(res)
  local failed = res.error_code ~= 0
  return {
    status = res.status, status_text = res.status_text, url = res.url, proto = res.proto,
    method = res[METHOD], headers = res.headers, timings = res.timings,
    body = res.body and beginning(res.body), error = failed and res.error or nil,
    error_code = failed and res.error_code or nil,
  }
end

local meta = {
  __metatable = false,
  ["perigee.show"] = show,
  ["perigee.no_copy"] = "is a response; return what is needed of it, such as res.body or " ..
    "res:json()",
}

function meta.__index(res, key)
  local read = lazy[key]
  if read then
    local value = read(res)
    rawset(res, key, value)
    return value
  end
  if methods[key] then return methods[key] end
  if type(key) == "number" then return nil end
  if refused[key] then error(refused[key], 2) end
  error("a response has no field \"" .. tostring(key) .. "\"; there are " .. known, 2)
end

guard.all("res:", methods, meta)

-- Without a tail call: the compiler takes no function that ends in one of a library's.
return function(method, url, request_body, params, status, body, final_url, message, code, fields,
                reason, blocked, connecting, tls_handshaking, sending, waiting, receiving, ip,
                packed, trailers)
  if not status then error(body, 2) end
  local kept
  if type(body) == "userdata" then kept, body = body, nil end
  local res = {
    message, code, fields, reason, blocked, connecting, tls_handshaking, sending, waiting,
    receiving, ip, packed, method, request_body, params,
    status = status, body = body, url = final_url or url,
  }
  if kept then res[BODY] = kept end
  if final_url then res[URL] = url end
  if trailers then res[TRAILERS] = trailers end
  setmetatable(res, meta)
  return res
end
