-- What pods have of their own: logs, and commands that are run in them.
local raw, tools, errors, requests, verbs, wait = ...

local M = {}

local known_logs = tools.set_of [[
  namespace timeout container follow previous timestamps tail since limit_bytes]]
local known_exec = tools.set_of "namespace timeout container stdin"

local function pod_path(client, name, options, part)
  local kind, failure = verbs.find(client, "v1/pod")
  if not kind then return nil, failure end
  return verbs.path(client, kind, { namespace = options.namespace, subresource = part }, name)
end

-- The log of a pod that has no container yet is empty, or refused: that is no end.
local function await_container(client, name, options)
  return wait.wait(client, {
    kind = "v1/pod", name = name, namespace = options.namespace, timeout = options.timeout,
    test = function(pod) return (tools.path(pod, "status", "phase") or "Pending") ~= "Pending" end,
  })
end

-- The text of a log, or with follow = true a stream, whose lines() end with the container.
function M.logs(client, name, given_options)
  local options = tools.options(given_options, known_logs, "k8s.logs")
  local path, failure = pod_path(client, name, options, "log")
  if not path then return errors.give(client, failure) end
  if options.follow then
    local pod
    pod, failure = await_container(client, name, options)
    if not pod then return errors.give(client, failure) end
  end
  local call = {
    verb = "get", resource = "pods/log", method = "GET", what = ("log of pod \"%s\""):format(name),
    path = path .. tools.query(
      "container", options.container, "follow", options.follow and "true",
      "previous", options.previous and "true", "timestamps", options.timestamps and "true",
      "tailLines", options.tail, "sinceSeconds", options.since, "limitBytes", options.limit_bytes),
    as_text = true, accept = "*/*",
    timeout = tools.duration(options.timeout, "k8s.logs: timeout", client.timeout),
  }
  local result
  if options.follow then
    call.timeout = options.timeout
    result, failure = requests.open(client, call)
    if not result then return errors.give(client, failure) end
    return result
  end
  result, failure = requests.send(client, call)
  if not result then return errors.give(client, failure) end
  return result
end

-- Commands -------------------------------------------------------------------------------------

local STDIN, STDOUT, STDERR, STATUS, CLOSE = "\0", 1, 2, 3, "\255\0"

local function exec_url(client, path, command, options)
  local query = {}
  for _, word in ipairs(command) do
    query[#query + 1] = "command"
    query[#query + 1] = word
  end
  for _, pair in ipairs({
    { "container", options.container }, { "stdin", options.stdin and "true" },
    { "stdout", "true" }, { "stderr", "true" },
  }) do
    query[#query + 1] = pair[1]
    query[#query + 1] = pair[2] or false
  end
  return client.config.server:gsub("^http", "ws") .. path .. tools.query(unpack(query))
end

-- The exit code of what the server says at the end.
local function exit_code(status)
  if tools.field(status, "status") == "Success" then return 0 end
  for _, cause in ipairs(tools.path(status, "details", "causes") or {}) do
    if cause.reason == "ExitCode" then return tonumber(cause.message) end
  end
end

local function read_all(ws, timeout)
  local parts, ending = { [STDOUT] = {}, [STDERR] = {} }, nil
  for message in ws:messages(timeout) do
    local data = type(message) == "table" and message.data or message
    local channel, text = data:byte(1), data:sub(2)
    if parts[channel] then
      parts[channel][#parts[channel] + 1] = text
    elseif channel == STATUS then
      ending = tools.decode(text)
    end
  end
  return table.concat(parts[STDOUT]), table.concat(parts[STDERR]), ending
end

local function failure_of(ws, what)
  local code = ws.status or 0
  return code > 0 and errors.of_status(what, code, nil, ws.error)
    or errors.new(what, 0, "Connection", ws.error)
end

-- A token that is refused may have become another one.
local function connect(client, path, command, options)
  local url, ws = exec_url(client, path, command, options), nil
  for _, anew in ipairs({ false, true }) do
    ws = raw.websocket.connect(url, {
      client = requests.http_client(client), subprotocols = { "v5.channel.k8s.io" },
      headers = { Authorization = requests.authorization(client, anew) },
      timeout = options.timeout,
    })
    if ws.status ~= 401 or not requests.renewable(client) then break end
  end
  return ws
end

-- Runs it to its end. Returns what it has written and its exit code, or nil and the failure.
local function run(client, path, command, options, what)
  local ws = connect(client, path, command, options)
  if ws.status ~= 101 then return nil, failure_of(ws, what) end
  if options.stdin then
    ws:send_binary(STDIN .. options.stdin)
    ws:send_binary(CLOSE)
  end
  local out, err, ending = read_all(ws, options.timeout)
  local code = exit_code(ending)
  if code then return { stdout = out, stderr = err, code = code } end
  return nil, errors.new(what, 0, "Failed",
    tools.field(ending, "message") or ws.error or "it ended without a status")
end

-- Runs a command, a list of words or a text for sh, to its end. Returns a table with stdout, stderr
-- and code.
function M.exec(client, name, command, given_options)
  local options = tools.options(given_options, known_exec, "k8s.exec")
  if type(command) == "string" then command = { "sh", "-c", command } end
  local path, failure = pod_path(client, name, options, "exec")
  if not path then return errors.give(client, failure) end
  local call = {
    verb = "exec", resource = "pods/exec", what = ("exec in pod \"%s\""):format(name),
  }
  local result
  result, failure = requests.measure(client, call, function()
    return run(client, path, command, options, call.what)
  end)
  if not result then return errors.give(client, failure) end
  return result
end

return M
