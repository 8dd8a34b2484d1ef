-- What the APIs over gRPC share: a client, questions before the load, and what failures say.
local raw, words = ...
local grpc = raw.grpc
local next, pcall = next, pcall

local LARGEST_MESSAGE = 2 ^ 30

local api = {}

local code_names = {}
for name, code in next, {
  UNIMPLEMENTED = 12, NOT_FOUND = 5, UNAVAILABLE = 14, DEADLINE_EXCEEDED = 4, INVALID_ARGUMENT = 3,
  INTERNAL = 13, UNKNOWN = 2, FAILED_PRECONDITION = 9, PERMISSION_DENIED = 7, UNAUTHENTICATED = 16,
  RESOURCE_EXHAUSTED = 8, ABORTED = 10, CANCELED = 1, ALREADY_EXISTS = 6, OUT_OF_RANGE = 11,
  DATA_LOSS = 15,
} do
  code_names[code] = name
end

-- In the script's main part; the types are those of one of the program's own .proto files.
function api.open(settings, proto)
  local shared = settings.connections
    and { shared = "perigee.inference", connections = settings.connections } or nil
  local client = grpc.client(shared)
  client:load(nil, proto)
  return {
    client = client,
    address = settings.address .. ":" .. ("%.0f"):format(settings.grpc_port),
    timeout = settings.metadata_timeout * 1000,
    infer_params = { timeout = settings.step_timeout * 1000 },
    connection = {
      plaintext = settings.tls == nil, tls = settings.tls,
      timeout = settings.metadata_timeout * 1000,
      maxReceiveSize = LARGEST_MESSAGE, maxSendSize = LARGEST_MESSAGE,
    },
  }
end

local function describe(res)
  return (code_names[res.status] or "code " .. res.status) .. ": " .. res.error.message
end

-- The message of the response, or nil and the failure.
function api:ask(method, message)
  local connected, why = pcall(self.client.connect, self.client, self.address, self.connection)
  if not connected then return nil, words.failure(words.without_place(why), { wait = true }) end
  local res = self.client:invoke(method, message, { timeout = self.timeout })
  if res.status == grpc.StatusOK then return res.message end
  return nil, words.failure(describe(res), {
    wait = res.status == grpc.StatusUnavailable, code = res.status,
  })
end

-- During the load a server that has gone is a call that fails.
function api:start()
  self.connection.lazy = true
  self.client:connect(self.address, self.connection)
end

-- Why a call has failed, or nil.
function api.problem(_, res)
  return res.status ~= grpc.StatusOK and describe(res) or nil
end

return api
