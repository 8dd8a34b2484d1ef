-- Calls of Seldon Core 2's scheduler, or of its proxy, on a connection that outlives iterations.
local perigee  = require "perigee"
local grpc     = require "perigee.grpc"
local settings = require "components.settings"

local M = {}

-- A scheduler answers as soon as it has understood, so it has no more than this for it.
local MAX_CALL_SECONDS = 30
local call_seconds = math.min(MAX_CALL_SECONDS, settings.model_load_timeout_seconds)
local timeout = call_seconds .. "s"
local connect_params = { plaintext = not settings.scheduler_tls, timeout = timeout }
local call_params = { timeout = timeout }

local client = grpc.client()
client:load({ "protos" }, "mlops/scheduler/scheduler.proto", "mlops/proxy/proxy.proto")

local SECONDS_BETWEEN_CONNECTS = 0.5
local has_been_connected = false

-- A scheduler that was there once may be starting again.
local function connect()
  local deadline = os.time() + (has_been_connected and call_seconds or 0)
  local connected, reason
  repeat
    connected, reason = pcall(client.connect, client, settings.scheduler_endpoint, connect_params)
    if not connected and has_been_connected then perigee.sleep(SECONDS_BETWEEN_CONNECTS) end
  until connected or os.time() >= deadline
  has_been_connected = connected
  if connected then return end
  error(("could not connect to the scheduler at %s (SCHEDULER_ENDPOINT): %s"):format(
    settings.scheduler_endpoint, tostring(reason)), 0)
end

-- "SubscribeModelStatus: status 14: the connection was closed"
function M.reason(method, status, failure)
  return ("%s: status %d: %s"):format(method:match("[^/]+$"), status or grpc.StatusUnknown,
    failure and failure.message or "")
end

-- Whether calls fail because nobody is there, so that more of them would wait in vain.
local silent = { [grpc.StatusDeadlineExceeded] = true, [grpc.StatusUnavailable] = true }

local function failure_of(method, res)
  local reason = M.reason(method, res.status, res.error)
  if not silent[res.status] then return { reason = reason, status = res.status } end
  return {
    silent = true, status = res.status,
    reason = ("%s; the scheduler at %s (SCHEDULER_ENDPOINT) does not respond"):format(
      reason, settings.scheduler_endpoint),
  }
end

-- Calls a method with each of the messages, all of which are in flight together. For each, in
-- order: false, or the reason why it failed, its status, and whether the scheduler is silent.
function M.call_each(method, messages)
  connect()
  local promises, failures = {}, {}
  for i, message in ipairs(messages) do
    promises[i] = client:async_invoke(method, message, call_params)
  end
  for i, promise in ipairs(promises) do
    local res = promise:await()
    failures[i] = res.status ~= grpc.StatusOK and failure_of(method, res)
  end
  return failures
end

-- Opens a stream of the scheduler's; `limit` is for its whole life, in seconds.
function M.stream(method, message, limit)
  connect()
  local stream = client:stream(method, { timeout = limit .. "s" })
  stream:send(message)
  stream:close_send()
  return stream
end

-- All messages that the method has for one. Raises an error where the stream fails.
function M.all_of(method, message)
  local stream, all = M.stream(method, message, call_seconds), {}
  for received in stream:messages() do all[#all + 1] = received end
  if stream.status ~= grpc.StatusOK then error(M.reason(method, stream.status, stream.error), 0) end
  return all
end

-- What a scheduler answers when it is asked for an object that it does not know.
local unknown = { [grpc.StatusFailedPrecondition] = true, [grpc.StatusNotFound] = true }

local function read_last(stream, method)
  local last
  for received in stream:messages() do last = received end
  if last then return { message = last } end
  local reason = stream.status ~= grpc.StatusOK and M.reason(method, stream.status, stream.error)
  return { is_unknown = unknown[stream.status] == true, reason = reason or nil }
end

-- The last message that the method has for each of the messages, all of which are in flight
-- together: { message = ... }, or where it has none { reason = "..." }, and whether that says that
-- the scheduler does not know the object.
function M.last_of_each(method, messages)
  local streams, last = {}, {}
  for i, message in ipairs(messages) do streams[i] = M.stream(method, message, call_seconds) end
  for i, stream in ipairs(streams) do last[i] = read_last(stream, method) end
  return last
end

return M
