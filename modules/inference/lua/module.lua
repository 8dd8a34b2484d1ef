-- perigee.inference: loads a served model by what its server says of it. What Lua can't do is in
-- `raw`: adding up over workers, and the program's log.
local raw, guard = ...

local load = raw.load

local words = load("words", raw)
local settings = load("settings", raw)
local npy = load("npy", raw)
local sequences = load("sequences", raw)
local tensors = load("tensors", raw, words, npy, sequences)
local grpc_api = load("grpc_api", raw, words)
local kfs = load("kfs", raw, words, grpc_api)
local tensorflow = load("tensorflow", raw, words)
local tfs = load("tfs", raw, words, grpc_api, tensorflow)
local http_api = load("http_api", raw, words)
local rest = load("rest", raw, words, http_api)
local tfs_rest = load("tfs_rest", raw, words, http_api, tensorflow)
local apis = load("apis", raw, words, kfs, tfs, rest, tfs_rest)
local statistics = load("statistics", raw)
local report = load("report", raw, words, statistics)
local new_load = load("load", raw, guard, words, settings, tensors, apis, report,
  sequences)

return {
  load = new_load,
  inputs = function(metadata, options)
    return tensors.inputs(metadata, settings.of_data(options or {}))
  end,
}
