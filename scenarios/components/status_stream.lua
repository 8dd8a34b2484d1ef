-- A subscription to what the scheduler reports of its objects, which is made again where it ends in
-- the middle.
local perigee  = require "perigee"
local client   = require "components.scheduler_client"

-- A stream may end so often in a row without a message in between.
local MAX_ENDS = 5
local SECONDS_BEFORE_AGAIN = 0.1
-- A stream lives as long as what is waited for, which has limits of its own.
local MAX_SECONDS = 24 * 3600

local M = {}
M.__index = M

local function subscribe(self)
  self.stream = client.stream(self.method, { subscriberName = "perigee" }, MAX_SECONDS)
end

-- The stream of a method like SubscribeModelStatus.
function M.open(method)
  local self = setmetatable({ method = method, ends = 0 }, M)
  subscribe(self)
  return self
end

local function subscribe_again(self)
  self.ends = self.ends + 1
  local reason = client.reason(self.method, self.stream.status, self.stream.error)
  if self.ends > MAX_ENDS then
    return nil, ("the scheduler's status stream has ended %d times (%s)"):format(self.ends, reason)
  end
  perigee.sleep(SECONDS_BEFORE_AGAIN * self.ends)
  subscribe(self)
  return nil, "again"
end

-- The next message within so many seconds; else nil and "timeout", "again" where messages may have
-- been missed, or why there will be no more.
function M:receive(seconds)
  local message, why = self.stream:receive(seconds .. "s")
  if message then
    self.ends = 0
    return message
  end
  if why == "timeout" then return nil, why end
  return subscribe_again(self)
end

function M:close()
  self.stream:close()
end

return M
