---@meta

-- Values in Avro, by their schemas, to bytes and back; and the schema registry that Kafka's
-- messages name their schemas by.

---@class perigee.avro
local avro = {}

---@class perigee.avro.Schema
local AvroSchema = {}

---The bytes of a value. Records and maps are tables, arrays lists, enums the names of their
---symbols, bytes and fixed strings of any bytes, null is nil or `json.null`; a field that is
---missing has its default. Of a union it is the first branch that takes the value, or the one that
---a table like `{ ["shop.Order"] = value }` names. Raises an error that names the path, like
---`items[2].price`.
---@param value any
---@return string bytes
function AvroSchema:encode(value) end

---The value that bytes hold: a union's is the value alone, a null in a record is nil, in lists and
---maps `json.null`. Longs are numbers up to 2^53, and beyond that `5LL`.
---@param bytes string
---@return any value
function AvroSchema:decode(bytes) end

---@class perigee.avro.RegistrySettings
---@field url string `"http://127.0.0.1:8081"`, with `user:password@` where that is needed
---@field params? table of the requests, as in `http.get`: `headers`, `timeout`

---What it has fetched is kept for all VUs of a worker.
---@class perigee.avro.SchemaRegistry
local SchemaRegistry = {}

---The schema of this number.
---@param id integer
---@return perigee.avro.Schema
function SchemaRegistry:schema(id) end

---A subject's schema, and its number.
---@param subject string
---@param version? string default "latest", which is asked for once
---@return perigee.avro.Schema schema
---@return integer id
function SchemaRegistry:subject(subject, version) end

---A type of another subject that a schema refers to by its full name.
---@class perigee.avro.Reference
---@field name string `"shop.Item"`
---@field subject string
---@field version integer

---Registers a schema's text with a subject.
---@param subject string
---@param text string
---@param references? table a list of `perigee.avro.Reference`, for types of other subjects
---@return integer id
function SchemaRegistry:register(subject, text, references) end

---The bytes of a value by a subject's schema, with the frame that names it.
---@param subject string
---@param value any
---@param version? string default "latest"
---@return string bytes
function SchemaRegistry:encode(subject, value, version) end

---The value of framed bytes, by the schema that the frame names.
---@param bytes string
---@return any value
---@return integer id
function SchemaRegistry:decode(bytes) end

---Reads the JSON of a schema.
---@param text string
---@return perigee.avro.Schema
function avro.parse(text) end

---Puts a frame before bytes, in whatever form: a zero byte and four of a schema's number.
---@param id integer
---@param bytes string
---@return string framed
function avro.frame(id, bytes) end

---Takes the frame off.
---@param bytes string
---@return integer id
---@return string rest
function avro.unframe(bytes) end

---A client of a schema registry.
---@param settings perigee.avro.RegistrySettings
---@return perigee.avro.SchemaRegistry
function avro.registry(settings) end

return avro
