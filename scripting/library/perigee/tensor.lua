---@meta

-- Tensors of the Open Inference Protocol: their values as bytes and as lists, and whole requests
-- and responses, with values in JSON or in binary. Datatypes are BOOL, INT8 to INT64, UINT8 to
-- UINT64, FP16, FP32, FP64, BF16 and BYTES.

---@class perigee.tensor
local tensor = {}

---A number, true or false, a string (of BYTES), `5LL`, or a list of these, which may be nested.
---@alias perigee.tensor.Values any

---@class perigee.tensor.Input
---@field name? string
---@field datatype string
---@field shape integer[]
---@field data? perigee.tensor.Values
---@field bytes? string instead of data: what `pack`, `fill` or `random` made
---@field binary? boolean sent in binary; nil is the request's, or else whether it has bytes
---@field parameters? table

---@class perigee.tensor.RequestedOutput
---@field name string
---@field binary? boolean whether it is asked for in binary; nil is the request's
---@field parameters? table

---@class perigee.tensor.Request
---@field id? string
---@field parameters? table
---@field inputs perigee.tensor.Input[]
---@field outputs? (string|perigee.tensor.RequestedOutput)[] nil asks for all
---@field binary? boolean whether inputs are sent in binary, and outputs asked for so

---@class perigee.tensor.Output
---@field name string
---@field datatype string
---@field shape integer[]
---@field data any[] the values, in one list
---@field parameters? table

---@class perigee.tensor.Response
---@field model_name string
---@field model_version? string
---@field id? string
---@field parameters? table
---@field outputs perigee.tensor.Output[] also by name: `outputs.predict`

---The bytes of values: little-endian, row by row; each string of BYTES behind four bytes of its
---length. Raises an error that names the value which does not fit, like `values[3][2]`.
---@param datatype string
---@param values perigee.tensor.Values
---@param shape? integer[] how many values there must be
---@return string bytes
function tensor.pack(datatype, values, shape) end

---The values of bytes, in one list. Integers of 64 bits are numbers up to 2^53, and beyond that
---`5LL` or `5ULL`.
---@param datatype string
---@param bytes string
---@param shape? integer[] how many values there must be
---@return any[] values
function tensor.unpack(datatype, bytes, shape) end

---The bytes of a tensor that repeats a value, or a list of values, without a Lua table of its size.
---@param datatype string
---@param shape integer[]
---@param pattern perigee.tensor.Values
---@return string bytes
function tensor.fill(datatype, shape, pattern) end

---The bytes of a tensor of random values: real ones from `low` to below `high`, whole ones with
---both ends. They follow `random.seed`.
---@param datatype string all but BYTES
---@param shape integer[]
---@param low? number 0 if left out
---@param high? number 1 if left out
---@return string bytes
function tensor.random(datatype, shape, low, high) end

---The body of an inference over HTTP, and the headers that go with it.
---@param request perigee.tensor.Request
---@return string body
---@return table<string, string> headers
function tensor.infer_request(request) end

---What a response says, whether its values came in JSON or in binary, over HTTP or gRPC; or nil and
---why it says nothing: it has failed, or can't be read.
---@param res perigee.http.Response|perigee.grpc.Response|table or the message of a gRPC response
---@return perigee.tensor.Response? response
---@return string? problem
function tensor.infer_response(res) end

return tensor
