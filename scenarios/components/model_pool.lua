-- The models of one type that a run has made, shared by all its VUs: a VU takes one out while it
-- changes it, so that no two VUs change the same.
local sync     = require "perigee.sync"
local settings = require "components.settings"

local M = {}
M.__index = M

-- Models that are not in the pool but may be there take a place, too.
local function places_of(i)
  return settings.max_num_models[i] + settings.max_num_models_headroom[i]
end

-- That of the i-th MODEL_TYPE.
function M.of(i)
  local places = math.max(places_of(i), 1)
  return setmetatable({
    idle = sync.queue("models of type " .. i, places),
    taken = sync.counter("places of type " .. i, { min = 0, max = places }),
    places = places_of(i),
  }, M)
end

-- Whether there is a place for one more, which is then the caller's.
function M:take_place()
  return self.places > 0 and self.taken:add(1) ~= nil
end

-- The place of a model that is gone, or was never made.
function M:free_place()
  self.taken:add(-1)
end

-- The model that has been left alone longest, as it was given to `put`; nil if there is none.
function M:take()
  local model = self.idle:pop(0)
  return model
end

-- Has a model, whose place is taken.
function M:put(model)
  assert(self.idle:push(model, 0))
end

function M:size()
  return self.idle:length()
end

-- All models, which stay in the pool. For one who has made sure that nobody changes any.
function M:all()
  local models = {}
  for n = 1, self:size() do
    models[n] = self:take()
    self:put(models[n])
  end
  return models
end

return M
