-- Brings many objects of the scheduler to a state: some orders are under way at a time, and the
-- scheduler's status stream tells when the next may follow.
local client        = require "components.scheduler_client"
local settings      = require "components.settings"
local slices        = require "components.slices"
local status_stream = require "components.status_stream"

local LIMIT_SECONDS = settings.model_load_timeout_seconds
-- The stream is read for so long at most before progress is reported.
local MAX_SILENCE_SECONDS = 5

local M = {}

local function finish(self, entry, outcome)
  self.outcomes[entry.index] = outcome
  self.done = self.done + 1
end

local function fail(self, entry, reason, status)
  finish(self, entry, { accepted = entry.accepted, reason = reason, status = status })
end

-- By when the state came to be, where the scheduler tells it: an object that is loaded again may
-- begin anew with its versions.
local function is_older(state, entry)
  if state.at and entry.at then return state.at < entry.at end
  return state.version < entry.version
end

-- What is known of an object now, by the scheduler. A state before the one that is known tells
-- nothing: a stream brings what was true a moment ago.
local function note_state(entry, state)
  if not state or is_older(state, entry) then return end
  entry.version, entry.at, entry.last = state.version, state.at, state
end

-- "ModelFailed: no such file"
local function describe(state)
  if state.reason == "" then return state.state end
  return state.state .. ": " .. state.reason
end

local function is_settled(self, entry)
  local last = entry.last
  if not last then return false end
  if last.state == self.order.wanted then
    finish(self, entry, { accepted = true, ok = true, version = last.version })
  elseif self.order.failed[last.state] then
    fail(self, entry, describe(last))
  else
    return false
  end
  return true
end

-- Those under way that have not come to their end.
local function keep_unsettled(self)
  local waiting = {}
  for _, entry in ipairs(self.waiting) do
    if not is_settled(self, entry) then waiting[#waiting + 1] = entry end
  end
  self.waiting = waiting
end

-- Asks for the state of each, which the stream may have told before the order, or not at all.
local function ask(self, entries)
  local messages = {}
  for i, entry in ipairs(entries) do
    messages[i] = self.kind.status_message(entry.object.name)
  end
  for i, found in ipairs(client.last_of_each(self.kind.status, messages)) do
    local entry = entries[i]
    entry.unanswered = found.reason
    if found.message then
      note_state(entry, self.kind.state_of(found.message))
    elseif self.order.gone_is_fine and found.is_unknown then
      entry.last = { version = entry.version, state = self.order.wanted, reason = "" }
    end
  end
end

local function take_free_places(self)
  local entries = {}
  while #self.waiting + #entries < slices.SIZE and self.next <= #self.objects do
    entries[#entries + 1] = {
      index = self.next, object = self.objects[self.next], version = 0,
    }
    self.next = self.next + 1
  end
  return entries
end

local function messages_of(self, entries)
  local messages = {}
  for i, entry in ipairs(entries) do messages[i] = self.order.message(entry.object) end
  return messages
end

-- Orders as many as there are places for.
local function order_more(self)
  local entries = take_free_places(self)
  if #entries == 0 then return end
  local accepted = {}
  for i, failure in ipairs(client.call_each(self.order.method, messages_of(self, entries))) do
    local entry = entries[i]
    entry.accepted = not failure
    if failure then
      fail(self, entry, failure.reason, failure.status)
      self.silent = self.silent or failure.silent
    else
      entry.deadline = os.time() + LIMIT_SECONDS
      accepted[#accepted + 1] = entry
      self.waiting[#self.waiting + 1] = entry
    end
  end
  ask(self, accepted)
end

local function fail_late(self, entry)
  local last = entry.last and "its last state is " .. describe(entry.last)
    or "the scheduler has told no state of it"
  if entry.unanswered then last = last .. " (" .. entry.unanswered .. ")" end
  fail(self, entry, ("its state is not \"%s\" after %g s (MODEL_LOAD_TIMEOUT_SECONDS); %s"):format(
    self.order.wanted, LIMIT_SECONDS, last))
end

local function fail_those_late(self)
  local now, waiting = os.time(), {}
  for _, entry in ipairs(self.waiting) do
    if now > entry.deadline then fail_late(self, entry) else waiting[#waiting + 1] = entry end
  end
  self.waiting = waiting
end

local function fail_all(self, reason)
  for _, entry in ipairs(self.waiting) do fail(self, entry, reason) end
  for i = self.next, #self.objects do fail(self, { index = i }, reason) end
  self.waiting, self.next = {}, #self.objects + 1
end

-- The first that was ordered is the first to be late.
local function seconds_to_listen(self)
  local left = self.waiting[1].deadline - os.time() + 1
  return math.max(math.min(left, MAX_SILENCE_SECONDS), 0.1)
end

local function listen(self)
  local message, why = self.stream:receive(seconds_to_listen(self))
  if message then
    local name, state = self.kind.name_of(message), self.kind.state_of(message)
    for _, entry in ipairs(self.waiting) do
      if entry.object.name == name then note_state(entry, state) end
    end
  elseif why == "again" then
    ask(self, self.waiting)
  elseif why ~= "timeout" then
    fail_all(self, why)
  end
end

local function run(self, report)
  while self.done < #self.objects do
    order_more(self)
    keep_unsettled(self)
    if self.silent then fail_all(self, "the scheduler does not respond") end
    if #self.waiting > 0 then
      listen(self)
      keep_unsettled(self)
      fail_those_late(self)
    end
    report(self.done)
  end
end

-- Gives the order (a kind's load, unload, start or stop) for each of the objects, and calls
-- `report` with how many are done. For each, in order: { accepted = true, ok = true } when it has
-- come to the state, else { reason = "..." }; accepted says that the scheduler took the order, and
-- status is that of a call which it did not take.
function M.run(kind, order, objects, report)
  local self = {
    kind = kind, order = order, objects = objects, outcomes = {}, waiting = {}, next = 1, done = 0,
    stream = status_stream.open(kind.subscribe),
  }
  run(self, report)
  self.stream:close()
  return self.outcomes
end

return M
