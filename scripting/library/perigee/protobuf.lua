---@meta

-- Protobuf messages by their .proto files, to bytes and back. For gRPC, `perigee.grpc` does that by
-- itself; this is for messages that travel otherwise: in HTTP bodies, in queues.

---@class perigee.protobuf
local protobuf = {}

---The messages of .proto files and of all that they import.
---@class perigee.protobuf.Schema
local Schema = {}

---The bytes of a message. Fields are named as in the .proto, or as in its JSON; enums are names or
---numbers, integers of 64 bits numbers, `5LL`, or decimal strings, `bytes` strings of any bytes.
---Timestamps and durations are strings, wrappers bare values, `google.protobuf.Value` any value
---with `json.null` for null, and an `Any` its message with `["@type"]`. Raises an error that names
---the field, like `inputs[2].shape`.
---@param message string `package.Message`
---@param value any
---@return string bytes
function Schema:encode(message, value) end

---The message that bytes hold. Fields have the names of the .proto. Those that nobody set have
---their default, or are nil where the .proto tells these apart: `optional` ones, messages, those
---of a `oneof`. Enums are names. Integers of 64 bits are numbers up to 2^53, and beyond that `5LL`
---or `5ULL`.
---@param message string `package.Message`
---@param bytes string
---@return any value
function Schema:decode(message, bytes) end

---Reads .proto files, at the top of the script; once for all VUs.
---@param import_paths? string|string[] folders, as in `open`; nil is the script's own
---@param file string as `import` would name it, or its path
---@param ... string more files
---@return perigee.protobuf.Schema
function protobuf.load(import_paths, file, ...) end

---Reads what `protoc --include_imports --descriptor_set_out=FILE` wrote, at the top of the script.
---@param path string beside the file that calls, the script, or in the current folder
---@return perigee.protobuf.Schema
function protobuf.load_protoset(path) end

return protobuf
