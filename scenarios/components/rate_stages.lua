-- The stages of infer_multiple_rates.lua: for each of REQUEST_RATES a ramp, and then the rate held
-- for its part of CONSTANT_RATE_DURATIONS_SECONDS.
local settings = require "components.settings"

local M = {}

-- The seconds that the i-th rate is held: the list's last goes on for rates beyond it.
local function seconds_held(i, rates)
  local list = settings.constant_rate_durations_seconds
  if list then return list[i] or list[#list] end
  return settings.constant_rate_duration_seconds / #rates
end

local function add(stages, rate, seconds)
  stages[#stages + 1] = { target = rate, duration = ("%.14gs"):format(seconds) }
end

-- Without REQUEST_RATES there is one ramp, to REQUEST_RATE.
local function stages_of(rates)
  local stages = {}
  if not rates then
    add(stages, settings.request_rate, seconds_held(1, { settings.request_rate }))
    return stages
  end
  for i, rate in ipairs(rates) do
    local seconds = seconds_held(i, rates)
    add(stages, rate, math.ceil(seconds / 3))
    add(stages, rate, seconds)
  end
  return stages
end

M.list = stages_of(settings.request_rates)

-- "10/s within 10s, 10/s within 30s"
function M.describe()
  local words = {}
  for i, stage in ipairs(M.list) do
    words[i] = ("%g/s within %s"):format(stage.target, stage.duration)
  end
  return table.concat(words, ", ")
end

return M
