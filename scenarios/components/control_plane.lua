-- What scenarios ask of the control plane, whichever it is: CONTROL_PLANE says. Each is a module
-- with functions like load_models(models, report), as in components/repository.lua.
local perigee   = require "perigee"
local inference = require "components.inference"
local settings  = require "components.settings"
local slices    = require "components.slices"

local function plane_name()
  if settings.control_plane == "http" then return "repository" end
  return settings.scheduler_proxy and "scheduler_proxy" or "scheduler"
end

local plane = require("components." .. plane_name())

local M = {}

local SECONDS_BETWEEN_REPORTS = 5
local SECONDS_BETWEEN_POLLS = 0.2

-- The checks of each kind of object.
local checks = {
  model = {
    load = "load model success", unload = "unload model success", status = "model status success",
  },
  pipeline = {
    load = "pipeline load success", unload = "pipeline unload success",
    status = "pipeline status success",
  },
  experiment = {
    start = "start experiment success", stop = "stop experiment success",
    status = "experiment status success",
  },
}

local past = { load = "loaded", unload = "unloaded", start = "started", stop = "stopped" }

-- Whether an object is there when the plane has taken the order.
local brings = { load = true, start = true, unload = false, stop = false }

local function check(name, passed)
  perigee.check(passed, { [name] = passed })
end

-- Says "loaded 120 of 1125 models" now and then, and at the end of what took a while.
local function reporter(kind, verb, total)
  local last = os.time()
  return function(done)
    local now = os.time()
    local finished = done == total and total > slices.SIZE
    if not finished and now - last < SECONDS_BETWEEN_REPORTS then return end
    last = now
    print(("%s %d of %d %ss"):format(past[verb], done, total, kind))
  end
end

-- Checks what became of each object: whether the control plane took the order, and what state the
-- object came to where the plane knows.
local function check_outcome(kind, verb, outcome)
  check(checks[kind][verb], outcome.accepted == true)
  if outcome.accepted and (plane.knows_states or not outcome.ok) then
    check(checks[kind].status, outcome.ok == true)
  end
end

local function refuse(kind, verb, failures, total)
  if #failures == 0 then return end
  local first = failures[1]
  error(("could not %s %d of %d %ss; the first is %s: %s"):format(
    verb, #failures, total, kind, first.name, first.reason), 0)
end

-- Has the plane do `verb` to all objects of a kind, many at a time. Raises an error if one can't be
-- done, after all have been tried.
local function for_all(kind, verb, objects)
  local act = plane[verb .. "_" .. kind .. "s"]
  local failures = {}
  for i, outcome in ipairs(act(objects, reporter(kind, verb, #objects))) do
    check_outcome(kind, verb, outcome)
    objects[i].version = outcome.version
    if outcome.accepted then objects[i].is_there = brings[verb] end
    if not outcome.ok then
      failures[#failures + 1] = { name = objects[i].name, reason = outcome.reason }
    end
  end
  refuse(kind, verb, failures, #objects)
end

-- Has the plane do `verb` to one object, and returns what became of it: { ok = true }, or why not:
-- { reason = "...", race = true } where it was gone already, which others may have seen to.
function M.attempt(kind, verb, object)
  local outcome = plane[verb .. "_" .. kind .. "s"]({ object }, function() end)[1]
  outcome.race = not outcome.ok and plane.is_gone ~= nil and plane.is_gone(outcome)
  if not outcome.race then check_outcome(kind, verb, outcome) end
  return outcome
end

-- What the plane knows of all its models, by their names: { state = "...", ready = true,
-- replicas = 1 }; those that are on their way out are none. Raises an error if it can't be asked.
function M.list_models() return plane.list_models() end

function M.load_models(models) for_all("model", "load", models) end
function M.unload_models(models) for_all("model", "unload", models) end
function M.load_pipelines(pipelines) for_all("pipeline", "load", pipelines) end
function M.unload_pipelines(pipelines) for_all("pipeline", "unload", pipelines) end
function M.start_experiments(experiments) for_all("experiment", "start", experiments) end
function M.stop_experiments(experiments) for_all("experiment", "stop", experiments) end

-- Takes away what the others have brought, and leaves alone what was never there. For what is to be
-- left as it was found when a step between has failed.
local function undo(kind, verb, objects)
  local there = {}
  for _, object in ipairs(objects) do
    if object.is_there then there[#there + 1] = object end
  end
  if #there > 0 then for_all(kind, verb, there) end
end

function M.unload_loaded_models(models) undo("model", "unload", models) end
function M.unload_loaded_pipelines(pipelines) undo("pipeline", "unload", pipelines) end
function M.stop_started_experiments(experiments) undo("experiment", "stop", experiments) end

-- Ends the script's main part where the control plane does not have what a scenario needs.
function M.require_kind(kind)
  if plane["load_" .. kind .. "s"] or plane["start_" .. kind .. "s"] then return end
  local has = settings.scheduler_proxy and "SCHEDULER_PROXY has none: leave it unset and set"
    or "set"
  error(("this scenario needs %ss, which only a scheduler has: %s SCHEDULER_ENDPOINT to its " ..
    "host:port"):format(kind, has), 0)
end

-- The same where it does not tell the states of what it has.
function M.require_states()
  if plane.list_models then return end
  error("this scenario needs the states of models, which a scheduler tells: set " ..
    "SCHEDULER_ENDPOINT to its host:port, and leave SCHEDULER_PROXY unset", 0)
end

-- Those of the list that are not ready, with what is said instead by the deadline.
local function not_ready(list, deadline)
  local waiting = {}
  for part in slices.of(list) do
    local seconds = math.max(deadline - os.time(), 1)
    for i, reason in ipairs(inference.reasons_not_ready(part, seconds)) do
      if reason then waiting[#waiting + 1] = { called = part[i], reason = reason } end
    end
  end
  return waiting
end

local function called_of(waiting)
  local list = {}
  for i, entry in ipairs(waiting) do list[i] = entry.called end
  return list
end

local function status_check_of(called)
  return checks[called.is_pipeline and "pipeline" or "model"].status
end

local function give_up(waiting)
  local first = waiting[1]
  error(("%d %s are not ready after %g s (MODEL_LOAD_TIMEOUT_SECONDS); %s answers: %s"):format(
    #waiting, first.called.is_pipeline and "pipelines" or "models",
    settings.model_load_timeout_seconds, first.called.name, first.reason), 0)
end

-- Waits until all models or pipelines of the list are ready where inferences go, for
-- MODEL_LOAD_TIMEOUT_SECONDS at most; then it raises an error that says which one is not.
function M.wait_until_ready(list)
  local deadline = os.time() + settings.model_load_timeout_seconds
  local waiting = not_ready(list, deadline)
  while #waiting > 0 and os.time() < deadline do
    perigee.sleep(SECONDS_BETWEEN_POLLS)
    waiting = not_ready(called_of(waiting), deadline)
  end
  for _, entry in ipairs(waiting) do check(status_check_of(entry.called), false) end
  for _ = 1, plane.knows_states and 0 or #list - #waiting do
    check(status_check_of(list[1]), true)
  end
  if #waiting > 0 then give_up(waiting) end
end

return M
