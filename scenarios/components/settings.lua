-- The environment variables that the scenarios understand, read and checked once per VU. The table
-- is the whole list; docs/environment.md says what each one means.
local readers = require "components.setting_readers"

local M = {}

local text, url, endpoint, flag = readers.text, readers.url, readers.endpoint, readers.flag
local whole_from, positive, share = readers.whole_from, readers.positive, readers.share
local one_of, list_of, seconds = readers.one_of, readers.list_of, readers.seconds

local function given(name)
  local value = __ENV[name]
  return value ~= nil and value ~= ""
end

-- A list with one item for each model type.
local function for_types(read_item)
  local read = list_of(read_item)
  return function(name, value)
    local items = read(name, value)
    if #items ~= #M.model_type then
      readers.refuse(name, value, ("a list of %d: one for each MODEL_TYPE"):format(#M.model_type))
    end
    return items
  end
end

-- Of creating, updating and deleting.
local function three_weights(name, value)
  local weights = list_of(whole_from(0, 1000000))(name, value)
  if #weights ~= 3 or weights[1] + weights[2] + weights[3] == 0 then
    readers.refuse(name, value, "three whole numbers like 2,1,1, not all of them 0")
  end
  return weights
end

local function control_plane(name, value)
  if value:lower():sub(1, 4) == "kube" then
    error(("%s=%s: Kubernetes is not available in this version; use http or scheduler"):format(
      name, value), 0)
  end
  return one_of("http", "scheduler")(name, value)
end

local no_kube = readers.not_available(
  "comes with CONTROL_PLANE=kube, not available in this version; leave it unset")

-- Defaults that depend on other variables.

local function each(value)
  return function()
    local values = {}
    for i = 1, #M.model_type do values[i] = value end
    return values
  end
end

-- Without a prefix of their own, models are called like the types that were asked for.
local function prefixes()
  return __ENV.MODEL_TYPE and M.model_type or each("model")()
end

local function plane_of_endpoints()
  return (given("SCHEDULER_ENDPOINT") or M.scheduler_proxy) and "scheduler" or "http"
end

-- { name in scripts, variable, reader, default or the function that makes it }
local variables = {
  { "model_type", "MODEL_TYPE", list_of(text), { "iris" } },
  { "modelname_prefix", "MODELNAME_PREFIX", for_types(readers.name), prefixes },
  { "max_num_models", "MAX_NUM_MODELS", for_types(whole_from(0, 1000000)), each(1) },
  { "model_name", "MODEL_NAME", readers.name, "" },
  { "model_start_idx", "MODEL_START_IDX", whole_from(0), 0 },
  { "model_end_idx", "MODEL_END_IDX", whole_from(0), 0 },
  { "model_memory_bytes", "MODEL_MEMORY_BYTES", for_types(readers.bytes), each(20000) },
  { "model_num_replicas", "MODEL_NUM_REPLICAS", for_types(whole_from(1)), each(1) },
  { "max_model_replicas", "MAX_MODEL_REPLICAS", for_types(whole_from(1)), each(1) },
  { "experimentname_prefix", "EXPERIMENTNAME_PREFIX", readers.name, "experiment" },
  { "infer_http_endpoint", "INFER_HTTP_ENDPOINT", url, "http://127.0.0.1:9000" },
  { "infer_http_iterations", "INFER_HTTP_ITERATIONS", whole_from(0), 1 },
  { "infer_grpc_endpoint", "INFER_GRPC_ENDPOINT", endpoint, "127.0.0.1:9000" },
  { "infer_grpc_iterations", "INFER_GRPC_ITERATIONS", whole_from(0), 1 },
  { "infer_grpc_tls", "INFER_GRPC_TLS", flag, false },
  { "infer_grpc_connections", "INFER_GRPC_CONNECTIONS", whole_from(0), 0 },
  { "infer_binary", "INFER_BINARY", flag, false },
  { "infer_batch_size", "INFER_BATCH_SIZE", for_types(whole_from(1, 1000000)), each(1) },
  { "infer_type", "INFER_TYPE", one_of("REST", "gRPC"), "REST" },
  { "envoy", "ENVOY", flag, true },
  { "via_pipeline", "VIA_PIPELINE", flag, false },
  { "warmup", "WARMUP", flag, true },
  { "skip_load_model", "SKIP_LOAD_MODEL", flag, false },
  { "skip_load_experiment", "SKIP_LOAD_EXPERIMENT", flag, false },
  { "skip_infer", "SKIP_INFER", flag, false },
  { "skip_unload_model", "SKIP_UNLOAD_MODEL", flag, false },
  { "skip_unload_experiment", "SKIP_UNLOAD_EXPERIMENT", flag, false },
  { "request_rate", "REQUEST_RATE", positive, 10 },
  { "request_rates", "REQUEST_RATES", list_of(readers.not_negative), false },
  { "constant_rate_duration_seconds", "CONSTANT_RATE_DURATION_SECONDS", seconds, 30 },
  { "constant_rate_durations_seconds", "CONSTANT_RATE_DURATIONS_SECONDS", list_of(seconds),
    false },
  { "scheduler_endpoint", "SCHEDULER_ENDPOINT", endpoint, "127.0.0.1:9004" },
  { "scheduler_tls", "SCHEDULER_TLS", flag, false },
  { "scheduler_proxy", "SCHEDULER_PROXY", flag, false },
  { "use_kube_control_plane", "USE_KUBE_CONTROL_PLANE", no_kube, false },
  { "control_plane", "CONTROL_PLANE", control_plane, plane_of_endpoints },
  { "model_load_timeout_seconds", "MODEL_LOAD_TIMEOUT_SECONDS", seconds, 600 },
  { "enable_model_replica_change", "ENABLE_MODEL_REPLICA_CHANGE", flag, false },
  { "sleep_between_replica_change", "SLEEP_BETWEEN_REPLICA_CHANGE", readers.not_negative, 10 },
  { "max_num_models_headroom", "MAX_NUM_MODELS_HEADROOM", for_types(whole_from(0, 1000000)),
    each(0) },
  { "max_mem_update_fraction", "MAX_MEM_UPDATE_FRACTION", share, 0 },
  { "model_create_update_delete_bias", "MODEL_CREATE_UPDATE_DELETE_BIAS", three_weights,
    { 1, 1, 1 } },
  { "max_create_ops_per_vu", "MAX_CREATE_OPS_PER_VU", whole_from(1, 1000000000), 10000 },
  { "k8s_delay_seconds_per_vu", "K8S_DELAY_SECONDS_PER_VU", readers.not_negative, 10 },
  { "check_state_every_seconds", "CHECK_STATE_EVERY_SECONDS", seconds, 240 },
  { "max_check_time_seconds", "MAX_CHECK_TIME_SECONDS", seconds, 10 },
  { "stop_on_check_failure", "STOP_ON_CHECK_FAILURE", flag, true },
  { "enable_state_check", "ENABLE_STATE_CHECK", flag, true },
  { "checks_min", "CHECKS_MIN", share, 0.99 },
  { "errors_max", "ERRORS_MAX", whole_from(0), 0 },
  { "debug", "K6_DEBUG", flag, false },
}

readers.read_all(M, variables)

-- What the suite's other scenarios read, those of Kubernetes: set-up says which of them are set.
local of_other_scenarios = {
  "SKIP_SETUP", "MODEL_REPLICAS", "INFERENCE_SERVER_REPLICAS", "INFERENCE_SERVER_MIN_REPLICAS",
  "INFERENCE_SERVER_MAX_REPLICAS", "DATAFLOW_ENGINE_REPLICAS", "PIPLINE_GW_REPLICAS",
  "MODEL_GW_REPLICAS", "MODEL_GW_NUM_WORKERS", "DATAFLOW_ENGINE_LIMIT_MEMORY", "USE_GRPC",
  "SELDON_CONFIG_NAME", "SELDON_RUNTIME_NAME",
}

M.not_read = {}
for _, name in ipairs(of_other_scenarios) do
  if given(name) then M.not_read[#M.not_read + 1] = name end
end

-- Whether a scenario that may use either protocol uses this one. Where the endpoint of one only is
-- given, the other one's default is nobody's.
local function uses(protocol, other)
  local iterations = "INFER_" .. protocol .. "_ITERATIONS"
  if given(iterations) then return M["infer_" .. protocol:lower() .. "_iterations"] > 0 end
  return given("INFER_" .. protocol .. "_ENDPOINT") or not given("INFER_" .. other .. "_ENDPOINT")
end

M.uses_http = uses("HTTP", "GRPC")
M.uses_grpc = uses("GRPC", "HTTP")

-- What must not be together: a condition that holds then, and what to say.
local function check_together(wrong, message)
  if wrong then error(message, 0) end
end

check_together(M.model_name ~= "" and (#M.model_type > 1 or M.max_num_models[1] ~= 1),
  "MODEL_NAME names one model: give one MODEL_TYPE and leave MAX_NUM_MODELS at 1")
-- A prefix that two types have, both of which have models.
local function shared_prefix()
  local seen = {}
  for i, prefix in ipairs(M.modelname_prefix) do
    if M.max_num_models[i] > 0 and seen[prefix] then return prefix end
    seen[prefix] = M.max_num_models[i] > 0
  end
end

check_together(M.model_name == "" and shared_prefix(),
  ("two of MODEL_TYPE have the prefix %s, so that their models would have the same names: give " ..
    "each a MODELNAME_PREFIX of its own"):format(tostring(shared_prefix())))
check_together(M.scheduler_proxy and M.control_plane ~= "scheduler",
  "SCHEDULER_PROXY needs CONTROL_PLANE=scheduler, or none")
check_together(M.via_pipeline and M.control_plane ~= "scheduler",
  "VIA_PIPELINE needs a scheduler, which has pipelines: set SCHEDULER_ENDPOINT to its host:port")
check_together(M.via_pipeline and M.scheduler_proxy,
  "VIA_PIPELINE needs pipelines, which SCHEDULER_PROXY does not have: leave one of both unset")
check_together(M.enable_model_replica_change and M.control_plane ~= "scheduler",
  "ENABLE_MODEL_REPLICA_CHANGE needs a scheduler: set SCHEDULER_ENDPOINT to its host:port")
check_together(M.enable_model_replica_change and not M.envoy,
  "ENABLE_MODEL_REPLICA_CHANGE makes new versions of models, and with ENVOY off they are asked " ..
  "for by version: leave one of both unset")
check_together(M.check_state_every_seconds <= M.max_check_time_seconds,
  ("CHECK_STATE_EVERY_SECONDS=%g: must be above MAX_CHECK_TIME_SECONDS, which is %g"):format(
    M.check_state_every_seconds, M.max_check_time_seconds))
check_together(M.model_end_idx > 0 and M.model_end_idx < M.model_start_idx,
  ("MODEL_END_IDX=%d: must be at least MODEL_START_IDX, which is %d"):format(
    M.model_end_idx, M.model_start_idx))

return M
