---@meta

-- What the VUs of a run agree on, whichever worker they are on. Each thing has a name: whoever asks
-- for it first makes it, at the top of the script or in a function, and all others get the same
-- one. VUs wait without keeping others from running, and go on in the order in which they came.
-- What waits in vain for its `timeout`, "10s" or a number of milliseconds, gives nil and
-- "timeout"; 0 does not wait at all. Without one it waits until the iteration is cut off.

---@class perigee.sync
local sync = {}

---A lock that one VU has at a time, or several that share it. What a VU has is free again when its
---iteration ends, also with an error or cut off.
---@class perigee.sync.Lock
local Lock = {}

---Waits until the VU has the lock alone. Who has it already gets an error.
---@param timeout? string|number
---@return true? acquired
---@return string? why "timeout"
function Lock:acquire(timeout) end

---Waits until the VU has the lock beside others that share it. One that wants it alone and came
---before goes first.
---@param timeout? string|number
---@return true? acquired
---@return string? why "timeout"
function Lock:acquire_shared(timeout) end

---An error if the VU does not have it.
function Lock:release() end

---@param name string of 256 bytes at most
---@return perigee.sync.Lock
function sync.lock(name) end

---A place where VUs wait until as many are there as the barrier has parties; then all go on, and it
---begins anew. A VU that is cut off, or waits in vain, is not there any more.
---@class perigee.sync.Barrier
local Barrier = {}

---@param timeout? string|number
---@return integer? place from 1, in the order in which they came: one VU has the first
---@return string? why "timeout"
function Barrier:wait(timeout) end

---@param name string
---@param parties integer from 1; an error if the barrier exists with another number
---@return perigee.sync.Barrier
function sync.barrier(name, parties) end

---@class perigee.sync.CounterOptions
---@field min? number what the counter never goes below
---@field max? number what it never goes above

---A number that begins at 0, or at the nearest to it from `min` to `max`.
---@class perigee.sync.Counter
local Counter = {}

---@param amount? number default 1; may be below 0
---@return number? sum what the counter is now: nobody else has got the same by this addition
---@return string? why "limit": it would leave its range, and is what it was
function Counter:add(amount) end

---@return number
function Counter:value() end

---@param name string
---@param options? perigee.sync.CounterOptions an error if the counter exists with others
---@return perigee.sync.Counter
function sync.counter(name, options) end

---Values that VUs hand over to others, the first that came first.
---@class perigee.sync.Queue
local Queue = {}

---Waits while the queue is full: of its capacity, or of 64 MiB.
---@param value any what setup() could return, of 1 MiB at most; not nil
---@param timeout? string|number
---@return true? pushed
---@return string? why "timeout", or "closed"
function Queue:push(value, timeout) end

---Waits for a value, which is then the VU's own.
---@param timeout? string|number
---@return any value
---@return string? why "timeout", or "closed" where no value will come any more
function Queue:pop(timeout) end

---Nothing can be pushed any more; what is in the queue can still be had.
function Queue:close() end

---@return integer values in the queue
function Queue:length() end

---@param name string
---@param capacity? integer default 10000; an error if the queue exists with another one
---@return perigee.sync.Queue
function sync.queue(name, capacity) end

return sync
