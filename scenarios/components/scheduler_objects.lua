-- The kinds of objects that the scheduler has: which methods load and unload them, and how its
-- messages tell their states.
local M = {}

local SERVICE = "seldon.mlops.scheduler.Scheduler/"

-- The version that a message reports last, by its number.
local function latest(versions, number_of)
  local last
  for _, version in ipairs(versions) do
    if not last or number_of(version) >= number_of(last) then last = version end
  end
  return last
end

function M.model_message(model)
  return { model = {
    meta = { name = model.name },
    modelSpec = {
      uri = model.storage_uri, requirements = model.requirements,
      memoryBytes = model.memory_bytes,
    },
    deploymentSpec = { replicas = model.replicas },
  } }
end

local function version_number(version) return version.version end

-- { version = 1, state = "ModelAvailable", reason = "..." }, or nil where nothing is known.
-- The instant of a google.protobuf.Timestamp as text that sorts by time; nil if there is none.
local function instant_of(timestamp)
  return timestamp and (timestamp:gsub("Z$", ""))
end

local function model_state(message)
  local version = latest(message.versions, version_number)
  if not version or not version.state then return nil end
  return {
    version = version.version, state = version.state.state, reason = version.state.reason,
    replicas = version.state.availableReplicas,
    at = instant_of(version.state.lastChangeTimestamp),
  }
end

M.model = {
  subscribe = SERVICE .. "SubscribeModelStatus",
  status = SERVICE .. "ModelStatus",
  status_message = function(name)
    return { subscriberName = "perigee", model = { name = name }, allVersions = false }
  end,
  name_of = function(message) return message.modelName end,
  state_of = model_state,
  load = {
    method = SERVICE .. "LoadModel", message = M.model_message,
    wanted = "ModelAvailable",
    failed = { ModelFailed = true, ScheduleFailed = true, ModelTerminateFailed = true },
  },
  unload = {
    method = SERVICE .. "UnloadModel",
    message = function(model) return { model = { name = model.name } } end,
    wanted = "ModelTerminated", failed = { ModelTerminateFailed = true },
  },
}

local function pipeline_message(pipeline)
  local steps = {}
  for i, step in ipairs(pipeline.steps) do steps[i] = { name = step } end
  return { pipeline = {
    name = pipeline.name, steps = steps, output = { steps = { pipeline.steps[#pipeline.steps] } },
  } }
end

local function pipeline_version(version) return version.state and version.state.pipelineVersion end

local function pipeline_state(message)
  local version = latest(message.versions, function(v) return pipeline_version(v) or 0 end)
  if not version or not version.state then return nil end
  return {
    version = pipeline_version(version), state = version.state.status,
    reason = version.state.reason, at = instant_of(version.state.lastChangeTimestamp),
  }
end

M.pipeline = {
  subscribe = SERVICE .. "SubscribePipelineStatus",
  status = SERVICE .. "PipelineStatus",
  status_message = function(name)
    return { subscriberName = "perigee", name = name, allVersions = true }
  end,
  name_of = function(message) return message.pipelineName end,
  state_of = pipeline_state,
  load = {
    method = SERVICE .. "LoadPipeline", message = pipeline_message,
    wanted = "PipelineReady", failed = { PipelineFailed = true },
  },
  unload = {
    method = SERVICE .. "UnloadPipeline",
    message = function(pipeline) return { name = pipeline.name } end,
    wanted = "PipelineTerminated", failed = { PipelineFailedTerminating = true },
  },
}

local function experiment_message(experiment)
  local candidates = {}
  for i, name in ipairs(experiment.candidates) do candidates[i] = { name = name, weight = 50 } end
  return { experiment = {
    name = experiment.name, default = experiment.candidates[1], candidates = candidates,
  } }
end

M.experiment = {
  subscribe = SERVICE .. "SubscribeExperimentStatus",
  status = SERVICE .. "ExperimentStatus",
  status_message = function(name) return { subscriberName = "perigee", name = name } end,
  name_of = function(message) return message.experimentName end,
  state_of = function(message)
    return {
      version = 1, state = message.active and "active" or "not active",
      reason = message.statusDescription,
    }
  end,
  start = {
    method = SERVICE .. "StartExperiment", message = experiment_message,
    wanted = "active", failed = {},
  },
  stop = {
    method = SERVICE .. "StopExperiment",
    message = function(experiment) return { name = experiment.name } end,
    wanted = "not active", failed = {}, gone_is_fine = true,
  },
}

return M
