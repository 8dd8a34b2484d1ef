-- Where the API server is and who we are to it: what the script says, else kubeconfig files as
-- kubectl finds them, else the service account of the pod.
local raw, tools = ...

local json, yaml, encoding = raw.json, raw.yaml, raw.encoding
local ipairs, type = ipairs, type

local M = {}

local ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/"
local LONGEST_TOKEN_AGE = 30000  -- ms; a token's file changes long before the token expires

local known = tools.set_of [[
  server token token_file ca cert key insecure tls_server_name namespace kubeconfig context
  timeout throw field_manager proxy qps burst]]

-- A PEM text, of a field or of the file that the field names.
local function pem(text, what)
  if type(text) ~= "string" or text:find("-----BEGIN", 1, true) then return text end
  return raw.read_file(text) or raw.fail(("k8s.client: %s: there is no file %s"):format(what, text))
end

local function explicit(settings)
  return {
    server = settings.server, token = settings.token, token_file = settings.token_file,
    ca = pem(settings.ca, "ca"), cert = pem(settings.cert, "cert"), key = pem(settings.key, "key"),
  }
end

local function in_cluster()
  local host = raw.variable("KUBERNETES_SERVICE_HOST")
  local port = raw.variable("KUBERNETES_SERVICE_PORT") or "443"
  local ca = raw.read_file(ACCOUNT .. "ca.crt")
  if not host or host == "" or not ca then return nil end
  if host:find(":", 1, true) then host = "[" .. host .. "]" end
  return {
    server = "https://" .. host .. ":" .. port, ca = ca, token_file = ACCOUNT .. "token",
    namespace = raw.read_file(ACCOUNT .. "namespace"),
  }
end

-- kubeconfig files ---------------------------------------------------------------------------

-- The files that there are, and those that were looked for.
local function files(settings)
  local list = settings.kubeconfig or raw.variable("KUBECONFIG")
  if not list or list == "" then list = (raw.variable("HOME") or "") .. "/.kube/config" end
  local found, looked_for = {}, {}
  for path in list:gmatch("[^:]+") do
    looked_for[#looked_for + 1] = path
    local text = raw.read_file(path)
    if text then found[#found + 1] = { path = path, text = text } end
  end
  return found, looked_for
end

-- The value of an entry of this name, with the folder of its file. The first file that has it wins.
local function entry(configs, list, name, kind)
  for _, config in ipairs(configs) do
    for _, item in ipairs(tools.field(config.value, list) or {}) do
      if item.name == name then return item[kind] or {}, config.folder end
    end
  end
  raw.fail(("k8s.client: the kubeconfig %s has no %s \"%s\""):format(
    configs[1].path, kind, tostring(name)))
end

-- A field that holds data, or names a file beside the kubeconfig.
local function data_or_file(value, name, folder)
  local data = tools.field(value, name .. "-data")
  if data and data ~= "" then return encoding.b64decode(data) end
  local path = tools.field(value, name)
  if not path or path == "" then return nil end
  if path:sub(1, 1) ~= "/" then path = folder .. path end
  return raw.read_file(path) or raw.fail(("k8s.client: %s: there is no file %s"):format(name, path))
end

local function parse(file)
  local ok, value = pcall(yaml.decode, file.text)
  if not ok or type(value) ~= "table" then
    raw.fail(("k8s.client: %s is no kubeconfig"):format(file.path))
  end
  return { path = file.path, value = value, folder = file.path:match("^(.*/)") or "" }
end

local function of_files(found, settings)
  local configs, current = {}, settings.context
  for i, file in ipairs(found) do
    configs[i] = parse(file)
    local context = tools.field(configs[i].value, "current-context")
    current = current or context ~= "" and context or nil
  end
  if not current then
    raw.fail(("k8s.client: the kubeconfig %s has no current context: say which as " ..
      "context = ..."):format(configs[1].path))
  end
  local context = entry(configs, "contexts", current, "context")
  local cluster, cluster_folder = entry(configs, "clusters", context.cluster, "cluster")
  local user, user_folder = entry(configs, "users", context.user, "user")
  local token_file = tools.field(user, "tokenFile")
  return {
    server = cluster.server, ca = data_or_file(cluster, "certificate-authority", cluster_folder),
    insecure = tools.field(cluster, "insecure-skip-tls-verify"),
    tls_server_name = tools.field(cluster, "tls-server-name"),
    proxy = tools.field(cluster, "proxy-url"), namespace = tools.field(context, "namespace"),
    cert = data_or_file(user, "client-certificate", user_folder),
    key = data_or_file(user, "client-key", user_folder),
    -- As for kubectl, the file wins.
    token = (not token_file or token_file == "") and tools.field(user, "token") or nil,
    token_file = token_file ~= "" and token_file or nil,
    username = tools.field(user, "username"), password = tools.field(user, "password"),
    exec = tools.field(user, "exec"), folder = user_folder,
  }
end

local function find(settings)
  if settings.server then return explicit(settings) end
  local found, looked_for = files(settings)
  if #found > 0 then return of_files(found, settings) end
  local account = not settings.kubeconfig and not settings.context and in_cluster()
  return account or raw.fail(("k8s.client: there is no cluster: no %s, and this is no pod with " ..
    "a service account; say server and token, or set KUBECONFIG"):format(
    table.concat(looked_for, ", ")))
end

-- Credentials ----------------------------------------------------------------------------------

local function exec_info(exec)
  return json.encode({
    apiVersion = exec.apiVersion, kind = "ExecCredential",
    spec = { interactive = false },
  })
end

-- Runs the program of an exec plugin, and keeps what it has said.
local function run_exec(config)
  local exec, words, environment = config.exec, {}, {}
  words[1] = exec.command
  if words[1]:find("/", 1, true) and words[1]:sub(1, 1) ~= "/" then
    words[1] = config.folder .. words[1]
  end
  for _, word in ipairs(tools.field(exec, "args") or {}) do words[#words + 1] = word end
  for _, variable in ipairs(tools.field(exec, "env") or {}) do
    environment[variable.name] = variable.value
  end
  environment.KUBERNETES_EXEC_INFO = exec_info(exec)
  local text, message = raw.run(words, environment)
  local hint = tools.field(exec, "installHint")
  if not text then
    raw.fail("k8s.client: credentials: " .. message .. (hint and "\n" .. hint or ""))
  end
  local status = tools.field(tools.decode(text), "status")
  if not status then
    raw.fail("k8s.client: credentials: " .. words[1] .. " has written no ExecCredential")
  end
  local expires = tools.time_of(tools.field(status, "expirationTimestamp"))
  config.exec_token, config.exec_until = tools.field(status, "token"), expires
  config.cert = tools.field(status, "clientCertificateData") or config.cert
  config.key = tools.field(status, "clientKeyData") or config.key
end

local function token_of_file(config, anew)
  local now = raw.now()
  if anew or not config.file_token or now - config.file_read > LONGEST_TOKEN_AGE then
    local text = raw.read_file(config.token_file)
    config.file_token = text and text:gsub("%s+$", "") or config.file_token
    config.file_read = now
  end
  return config.file_token
end

-- The header Authorization, nil without one. `anew`: the server has refused the last one.
function M.authorization(config, anew)
  if config.token then return config.token_header end
  if config.token_file then
    local token = token_of_file(config, anew)
    return token and "Bearer " .. token
  end
  if config.exec then
    if anew or config.exec_until and config.exec_until - os.time() < 10 then run_exec(config) end
    return config.exec_token and "Bearer " .. config.exec_token
  end
  return config.basic
end

-- Whether asking anew may bring other credentials.
function M.renewable(config) return config.token_file ~= nil or config.exec ~= nil end

local function tls_of(config)
  return {
    tlsCACerts = config.ca and { config.ca } or nil,
    tlsAuth = config.cert and { { cert = config.cert, key = config.key } } or nil,
    insecureSkipTLSVerify = config.insecure == true or nil,
    serverName = config.tls_server_name,
  }
end

local function complete(config, settings)
  if type(config.server) ~= "string" or not config.server:find("^https?://[^/]") then
    raw.fail(("k8s.client: server must be a URL like https://host:6443, got %s"):format(
      tostring(config.server)))
  end
  config.server = config.server:gsub("/+$", "")
  for _, name in ipairs({ "insecure", "tls_server_name", "proxy" }) do
    if settings[name] ~= nil then config[name] = settings[name] end
  end
  config.namespace = settings.namespace or config.namespace or "default"
  config.token_header = config.token and "Bearer " .. config.token
  config.basic = config.username and
    "Basic " .. encoding.b64encode(config.username .. ":" .. (config.password or ""))
  if config.exec then run_exec(config) end
  config.tls = tls_of(config)
end

local BURST = 10  -- as client-go has it where only qps is said

-- The throttle that the script asks for: requests a second, and how many at once.
local function set_throttle(config, settings)
  local qps, burst = settings.qps, settings.burst
  if qps == nil and burst == nil then return end
  if type(qps) ~= "number" or qps ~= qps or qps <= 0 then
    raw.fail(("k8s.client: qps must be a number of requests a second, above 0, got %s"):format(
      tostring(qps)))
  end
  burst = burst or BURST
  if type(burst) ~= "number" or burst < 1 or burst % 1 ~= 0 then
    raw.fail(("k8s.client: burst must be a whole number of at least 1, got %s"):format(
      tostring(burst)))
  end
  config.qps, config.burst = qps, burst
end

local configs, count = {}, 0

-- What a client's settings come to. It is looked up once for all VUs of the worker.
function M.find(settings)
  tools.check_keys(settings, known, "k8s.client")
  local parts = {}
  for _, key in ipairs(tools.sorted_keys(settings)) do
    parts[#parts + 1] = key .. "=" .. tostring(settings[key])
  end
  local text = table.concat(parts, "\n")
  if not configs[text] then
    local config = find(settings)
    complete(config, settings)
    set_throttle(config, settings)
    count = count + 1
    config.id, config.text = count, text
    configs[text] = config
  end
  return configs[text]
end

return M
