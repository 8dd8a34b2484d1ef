-- What a call that has failed returns beside nil: a table for scripts that tell failures apart, and
-- a text for the rest.
local raw = ...

local type = type

local M = {}

local meta = { __metatable = false }

function meta.__tostring(failure)
  return failure.text
end

-- The managers in whose way an apply was.
local function managers_of(details)
  local list = {}
  for _, cause in ipairs(type(details) == "table" and details.causes or {}) do
    if cause.reason == "FieldManagerConflict" then list[#list + 1] = cause.message end
  end
  return #list > 0 and list or nil
end

-- `what` is the call in words; code is 0 where there was no response.
function M.new(what, code, reason, message, details)
  return setmetatable({
    code = code, reason = reason, message = message, details = details,
    managers = managers_of(details),
    text = ("k8s: %s: %s%s"):format(
      what, code > 0 and ("%d %s"):format(code, reason) or reason,
      message and message ~= "" and ": " .. message or ""),
  }, meta)
end

-- Reasons of responses that are none of the API server's own.
local reasons = {
  [400] = "BadRequest", [401] = "Unauthorized", [403] = "Forbidden", [404] = "NotFound",
  [405] = "MethodNotAllowed", [409] = "Conflict", [410] = "Gone", [413] = "RequestEntityTooLarge",
  [415] = "UnsupportedMediaType", [422] = "Invalid", [429] = "TooManyRequests",
  [500] = "InternalError", [503] = "ServiceUnavailable", [504] = "Timeout",
}

-- Of a response whose status is that of a failure; `status` is its body, if it is an object.
function M.of_status(what, code, status, body)
  local given = type(status) == "table" and status.kind == "Status" and status or {}
  local reason = type(given.reason) == "string" and given.reason ~= "" and given.reason
  local text = given.message or (body or ""):sub(1, 300):gsub("%s+$", "")
  local failure = M.new(what, code, reason or reasons[code] or "Unknown", text, given.details)
  -- Where a list can go on that took too long.
  failure.next_token = type(given.metadata) == "table" and given.metadata.continue or nil
  return failure
end

-- What scripts get of a failure: nil and it, or it is raised.
function M.give(client, failure)
  if client.settings.throw then raw.fail(failure.text) end
  return nil, failure
end

return M
