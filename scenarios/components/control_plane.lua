-- What scenarios ask of the control plane, whichever it is: CONTROL_PLANE says. Each is a module
-- with two functions, load(models) and unload(models), as in components/repository.lua.
local perigee   = require "perigee"
local http      = require "perigee.http"
local inference = require "components.inference"
local settings  = require "components.settings"

local plane = require(({ http = "components.repository" })[settings.control_plane])

local M = {}

local MODELS_AT_ONCE = 40
local SECONDS_BETWEEN_REPORTS = 5
local SECONDS_BETWEEN_POLLS = 0.2

local function slice(list, first)
  local part = {}
  for i = first, math.min(first + MODELS_AT_ONCE - 1, #list) do part[#part + 1] = list[i] end
  return part
end

-- Says "loaded 120 of 1125 models" now and then, and at the end of what took a while.
local function reporter(done_word, total)
  local last = os.time()
  return function(done)
    local now = os.time()
    local finished = done == total and total > MODELS_AT_ONCE
    if not finished and now - last < SECONDS_BETWEEN_REPORTS then return end
    last = now
    print(("%s %d of %d models"):format(done_word, done, total))
  end
end

local function refuse(word, failures, total)
  if #failures == 0 then return end
  local first = failures[1]
  error(("could not %s %d of %d models; the first is %s: %s"):format(
    word, #failures, total, first.model.name, first.reason), 0)
end

-- Gives `act` the models in slices and checks what it answers for each.
local function for_all(models, word, act)
  local report = reporter(word .. "ed", #models)
  local checks = { [word .. " model success"] = function(outcome) return outcome.ok end }
  local failures = {}
  for first = 1, #models, MODELS_AT_ONCE do
    local part = slice(models, first)
    for i, outcome in ipairs(act(part)) do
      if not perigee.check(outcome, checks) then
        failures[#failures + 1] = { model = part[i], reason = outcome.reason }
      end
    end
    report(first + #part - 1)
  end
  refuse(word, failures, #models)
end

-- Loads the models of the list, many at a time. Raises an error if one can't be loaded, after all
-- have been tried.
function M.load_models(models)
  for_all(models, "load", plane.load)
end

-- Unloads the models of the list, many at a time. Raises an error as load_models does.
function M.unload_models(models)
  for_all(models, "unload", plane.unload)
end

-- Those of the models that are not ready, with what they answer instead.
local function not_ready(models)
  local waiting = {}
  for first = 1, #models, MODELS_AT_ONCE do
    local part = slice(models, first)
    local requests = {}
    for i, model in ipairs(part) do requests[i] = inference.ready_request(model) end
    for i, res in ipairs(http.batch(requests)) do
      if res.status ~= 200 then waiting[#waiting + 1] = { model = part[i], res = res } end
    end
  end
  return waiting
end

local function models_of(waiting)
  local models = {}
  for i, entry in ipairs(waiting) do models[i] = entry.model end
  return models
end

local function give_up(waiting)
  local first = waiting[1]
  local answer = first.res.status == 0 and first.res.error or "status " .. first.res.status
  error(("%d models are not ready after %g s (MODEL_LOAD_TIMEOUT_SECONDS); %s answers: %s"):format(
    #waiting, settings.model_load_timeout_seconds, first.model.name, answer), 0)
end

-- Waits until all models of the list are ready, for MODEL_LOAD_TIMEOUT_SECONDS at most; then it
-- raises an error that says which one is not.
function M.wait_until_ready(models)
  local deadline = os.time() + settings.model_load_timeout_seconds
  local waiting = not_ready(models)
  while #waiting > 0 and os.time() < deadline do
    perigee.sleep(SECONDS_BETWEEN_POLLS)
    waiting = not_ready(models_of(waiting))
  end
  for _ = 1, #models - #waiting do perigee.check(true, { ["model status success"] = true }) end
  for _ = 1, #waiting do perigee.check(false, { ["model status success"] = false }) end
  if #waiting > 0 then give_up(waiting) end
end

return M
