-- Compares what the run has made with what the control plane says there is, while no operation is
-- under way.
local perigee       = require "perigee"
local execution     = require "perigee.execution"
local metrics       = require "perigee.metrics"
local sync          = require "perigee.sync"
local time          = require "perigee.time"
local control_plane = require "components.control_plane"
local operations    = require "components.model_operations"
local settings      = require "components.settings"

local M = {}

local SECONDS_BETWEEN_LOOKS = 0.5

local checks = metrics.counter("state_checks")
local inconsistencies = metrics.counter("state_inconsistencies")

-- Operations share it, a check has it alone.
local changes = sync.lock("changes of models")
local checking = sync.lock("the check of states")
local done = sync.counter("checks of states")

-- Calls `operate` while nobody checks.
function M.beside_others(operate)
  changes:acquire_shared()
  local result = operate()
  changes:release()
  return result
end

local function add(list, format, ...)
  list[#list + 1] = format:format(...)
end

local function compare_model(found, model, there)
  if not there then
    add(found, "%s is not there", model.name)
  elseif not there.ready then
    add(found, "%s is %s", model.name, there.state)
  elseif there.replicas ~= model.replicas then
    add(found, "%s has %d replicas instead of %d", model.name, there.replicas, model.replicas)
  end
end

-- What differs, as texts. Models of others are not looked at.
local function compare()
  local there, found, known = control_plane.list_models(), {}, {}
  for _, entry in ipairs(operations.all()) do
    known[entry.model.name] = true
    if not entry.doubtful then compare_model(found, entry.model, there[entry.model.name]) end
  end
  for name, model in pairs(there) do
    if operations.number_of(name) and not known[name] then
      add(found, "%s is there (%s), and was deleted or never made", name, model.state)
    end
  end
  return found
end

-- Looks until nothing differs, for MAX_CHECK_TIME_SECONDS at most. What others change in between is
-- no fault.
local function differences()
  local until_ms = time.monotonic() + settings.max_check_time_seconds * 1000
  local found = compare()
  while #found > 0 and time.monotonic() < until_ms do
    perigee.sleep(SECONDS_BETWEEN_LOOKS)
    found = compare()
  end
  return found
end

local function tell(found)
  checks:add(1)
  inconsistencies:add(#found)
  perigee.check(found, { ["the state is consistent"] = #found == 0 })
  for _, text in ipairs(found) do print("inconsistent: " .. text) end
  if #found > 0 and settings.stop_on_check_failure then
    execution.test.abort(("%d inconsistencies of the control plane's state; the first: %s"):format(
      #found, found[1]))
  end
end

-- How many checks should have been made by now: the first is due at once.
local function wanted()
  local seconds = execution.instance.current_test_run_duration / 1000
  return math.floor(seconds / settings.check_state_every_seconds) + 1
end

-- Checks if it is time and nobody else does.
function M.run_when_due()
  if not settings.enable_state_check or done:value() >= wanted() then return end
  if not checking:acquire(0) then return end
  local missing = wanted() - done:value()
  if missing > 0 then
    done:add(missing)
    changes:acquire()
    local found = differences()
    changes:release()
    tell(found)
  end
  checking:release()
end

-- The same at the end of a run, whenever the last was.
function M.run_at_end()
  if settings.enable_state_check then tell(differences()) end
end

return M
