---@meta

-- Loads a served model by what its server says of it: no shapes to write, no requests to make.
-- What `perigee infer` does is this.

---@class perigee.inference
local inference = {}

---@class perigee.inference.Tensor
---@field name string
---@field datatype string
---@field shape integer[] -1 for a size that may be any

---What a server says of a model.
---@class perigee.inference.Metadata
---@field name string
---@field platform? string
---@field version string
---@field versions string[]
---@field inputs perigee.inference.Tensor[]
---@field outputs perigee.inference.Tensor[]

---How data is made.
---@class perigee.inference.DataOptions
---@field batch_sizes? integer[] the first size of all inputs, in turn; nil is the model's, or 1
---@field shape? integer[] of all inputs, in place of the model's
---@field shapes? table<string, integer[]> the same by the input's name
---@field data? string|table<string, string> `random`, `string` or a path to an .npy file, for all
---inputs or by name
---@field inputs? perigee.inference.Tensor[] in place of what the server says
---@field min_value? number of random values, default 0
---@field max_value? number default 255

---Times are seconds.
---@class perigee.inference.Settings: perigee.inference.DataOptions
---@field api? "auto"|"KFS"|"REST"|"TFS"|"TFS-REST" default `auto` asks the server
---@field address string the host
---@field grpc_port? integer
---@field rest_port? integer
---@field tls? perigee.grpc.Tls without it there is none
---@field model string
---@field version? string
---@field dataset_length? integer requests that are made before the load; default one per batch size
---@field warmup? number default 0
---@field window? number what follows the warm-up; default until the end
---@field error_limit? integer the run ends when a client has more failures; default 0, no limit
---@field error_exposition? integer failures of a client that are logged; default 0, all
---@field max_throughput? number frames per second of all clients
---@field concurrency? integer clients, for max_throughput
---@field step_timeout? number of an inference, default 30
---@field metadata_timeout? number of what is asked before the load, default 45
---@field tries? integer how often a server that isn't there is asked, a second apart; default 48
---@field binary? boolean over REST, values behind the JSON; nil if the server says that it can
---@field connections? integer over KFS, shared by all clients; default one for each
---@field hist_factor? number of the histogram, default 100
---@field hist_base? number default 1.5
---@field quantiles? number[] in place of the histogram
---@field id? string what lines begin with, default `worker`
---@field output? "summary"|"all"|"json"|"short" what `summary` returns
---@field report_warmup? boolean
---@field print_time? boolean the time of day in front of lines
---@field stateful_length? integer requests of a sequence of a stateful model; default 0, none
---@field stateful_id? integer the first client's sequence, default 1; the next one's is one more
---@field stateful_hop? integer what a client's next sequence of the dataset adds to it, default 0
---@field list? boolean lists models and metadata, and loads nothing

---@class perigee.inference.SetUp
---@field api string
---@field metadata perigee.inference.Metadata

---@class perigee.inference.Load
local InferenceLoad = {}

---Finds the server's API and reads the model's metadata, and waits for a server that is not there
---yet; what `setup` returns. Raises an error where shapes or data don't fit.
---@return perigee.inference.SetUp
function InferenceLoad:setup() end

---One inference, with the next of the prepared requests.
---@param setup perigee.inference.SetUp
function InferenceLoad:infer(setup) end

---What `handleSummary` returns.
---@param data perigee.SummaryData
---@return table<string, string>
function InferenceLoad:summary(data) end

---A load, at the top of a script.
---@param settings perigee.inference.Settings
---@return perigee.inference.Load
function inference.load(settings) end

---Inputs that fit a model, with values, as `perigee.tensor` takes them; and how many frames these
---are.
---@param metadata perigee.inference.Metadata
---@param options? perigee.inference.DataOptions
---@return perigee.tensor.Input[] inputs
---@return integer frames
function inference.inputs(metadata, options) end

return inference
