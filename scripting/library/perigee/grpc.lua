---@meta

-- gRPC. A call that fails raises no error: its `status` and `error` say why. What a script gets
-- wrong (an unknown method or field, a value of another type) does raise one.

---@class perigee.grpc
local grpc = {}

---@class perigee.grpc.ClientOptions
---@field shared? string the name of connections for all VUs; without it each VU has its own
---@field connections? integer shared connections to the server, over all workers; default 1

---@class perigee.grpc.ConnectParams
---@field plaintext? boolean no TLS; default false
---@field reflect? boolean asks the server for its services, once per run and address
---@field lazy? boolean does not wait for the connection, which the first call then makes
---@field reflectMetadata? table<string, string|string[]> of that request
---@field timeout? string|number to connect and reflect: "10s", or milliseconds; default "60s"
---@field maxReceiveSize? integer bytes of a message that the server may send, default 4 MiB
---@field maxSendSize? integer bytes of a message that may be sent
---@field tls? perigee.grpc.Tls
---@field authority? string in place of the address, also as the name in the server's certificate
---@field keepalive? perigee.grpc.Keepalive pings to a server that is silent

---The keys of the option of the same purpose, and those of k6.
---@class perigee.grpc.Tls
---@field cert? string the client's certificate: a PEM text, or the path of a file
---@field key? string its key
---@field password? string of the key
---@field cacerts? string|string[] trusted beside those of the system
---@field insecureSkipTLSVerify? boolean
---@field serverName? string that the server's certificate must be for
---@field tlsVersion? string|table
---@field tlsCipherSuites? string[]

---@class perigee.grpc.Keepalive
---@field time string|number without a byte from the server, before a ping
---@field timeout? string|number for its answer; default "20s"
---@field permitWithoutStream? boolean also while there are no calls

---@class perigee.grpc.Params
---@field metadata? table<string, string|string[]> values under names that end in -bin are bytes
---@field tags? perigee.Tags of this call's samples; `name` stands for the method
---@field timeout? string|number the deadline: "2s", or milliseconds; default "2m"
---@field compression? "gzip"|"identity" of the messages that are sent
---@field discardResponseMessage? boolean does not keep the response's message

---@class perigee.grpc.Error
---@field code integer one of grpc.StatusCanceled and the rest
---@field message string
---@field details table[] of a google.rpc.Status: `["@type"]` and `value`, which are bytes

---@class perigee.grpc.Response
---@field status integer grpc.StatusOK if all is well
---@field message table? only with grpc.StatusOK
---@field error perigee.grpc.Error? nil with grpc.StatusOK
---@field headers table<string, string[]> names in lower case
---@field trailers table<string, string[]>

---@class perigee.grpc.HealthResponse
---@field status integer grpc.HealthCheckServing and the like; 0 if the call has failed
---@field message { status: integer }?
---@field error perigee.grpc.Error?

---@class perigee.grpc.Encoded

---@class perigee.grpc.Client
local GrpcClient = {}

---Reads .proto files, in the script's main part. Imports are looked for in the import paths, or
---beside the script if there are none.
---@param import_paths? string[]|table
---@param ... string the files
function GrpcClient:load(import_paths, ...) end

---Reads what `protoc --descriptor_set_out --include_imports` has written, in the script's main
---part.
---@param path string
function GrpcClient:load_protoset(path) end

---Waits until there are connections; does nothing while there are, to the same address with the
---same parameters. Raises an error if they can't be made, or `lazy` leaves them to the first call.
---@param address string "host:port"; TLS is spoken unless `plaintext` is set
---@param params? perigee.grpc.ConnectParams
function GrpcClient:connect(address, params) end

---Ends connections of the client's own. Shared ones stay.
function GrpcClient:close() end

---Calls a unary method and waits for its end.
---@param method string "package.Service/Method"
---@param message? table|perigee.grpc.Encoded an empty message if not given
---@param params? perigee.grpc.Params
---@return perigee.grpc.Response
function GrpcClient:invoke(method, message, params) end

---The same without waiting.
---@param method string
---@param message? table|perigee.grpc.Encoded
---@param params? perigee.grpc.Params
---@return perigee.grpc.Promise
function GrpcClient:async_invoke(method, message, params) end

---@class perigee.grpc.Promise
local GrpcPromise = {}

---@return perigee.grpc.Response
function GrpcPromise:await() end

---Calls a method with streams in either direction, or both.
---@param method string
---@param params? perigee.grpc.Params
---@return perigee.grpc.Stream
function GrpcClient:stream(method, params) end

---Encodes a message once that is to be sent many times.
---@param method string whose request it is
---@param message table
---@return perigee.grpc.Encoded
function GrpcClient:encode(method, message) end

---The same for a message in protobuf's JSON, as grpcurl takes it: bytes are base64, times are text.
---@param method string whose request it is
---@param text string
---@return perigee.grpc.Encoded
function GrpcClient:encode_json(method, text) end

---A message of a response in protobuf's JSON.
---@param method string whose response it is
---@param message table
---@return string
function GrpcClient:to_json(method, message) end

---Asks grpc.health.v1.Health, which needs no .proto.
---@param service? string the whole server if not given
---@return perigee.grpc.HealthResponse
function GrpcClient:health_check(service) end

---@class perigee.grpc.Stream
---@field status integer? at its end
---@field error perigee.grpc.Error? at its end, unless that is grpc.StatusOK
---@field headers table<string, string[]>? as soon as they have come
---@field trailers table<string, string[]>? at its end
local GrpcStream = {}

---Sends a message. Waits while more than 1 MiB is unsent.
---@param message table|perigee.grpc.Encoded
---@return boolean sent false if the stream has ended
function GrpcStream:send(message) end

---Waits for the next message.
---@param limit? string|number "5s", or milliseconds; without it for as long as it takes
---@return table? message
---@return number|"timeout"|"end" time milliseconds since the call, when its bytes were read; or why
---there is no message
function GrpcStream:receive(limit) end

---The messages until the end, with their times, for a `for` loop.
---@return fun(): table?, number
function GrpcStream:messages() end

---Says that no more messages will be sent.
function GrpcStream:close_send() end

---Ends the stream, on both sides.
function GrpcStream:close() end

---@param options? perigee.grpc.ClientOptions
---@return perigee.grpc.Client
function grpc.client(options) end

---`client:encode(method, message)`.
---@param client perigee.grpc.Client
---@param method string
---@param message table
---@return perigee.grpc.Encoded
function grpc.encode(client, method, message) end

grpc.StatusOK = 0
grpc.StatusCanceled = 1
grpc.StatusUnknown = 2
grpc.StatusInvalidArgument = 3
grpc.StatusDeadlineExceeded = 4
grpc.StatusNotFound = 5
grpc.StatusAlreadyExists = 6
grpc.StatusPermissionDenied = 7
grpc.StatusResourceExhausted = 8
grpc.StatusFailedPrecondition = 9
grpc.StatusAborted = 10
grpc.StatusOutOfRange = 11
grpc.StatusUnimplemented = 12
grpc.StatusInternal = 13
grpc.StatusUnavailable = 14
grpc.StatusDataLoss = 15
grpc.StatusUnauthenticated = 16

grpc.HealthCheckUnknown = 0
grpc.HealthCheckServing = 1
grpc.HealthCheckNotServing = 2
grpc.HealthCheckServiceUnknown = 3

return grpc
