---@meta

-- Random choices and numbers. Every VU has a generator of its own: with a seed it draws the same
-- each time, without one it differs from all others. Not for secrets: `perigee.crypto` has those.

---@class perigee.random
local random = {}

---Makes what the VU draws from now on repeat itself; `random.seed(__VU)` gives each VU a course of
---its own that is the same in every run.
---@param seed integer
function random.seed(seed) end

---From `low` to below `high`, evenly.
---@param low? number default 0
---@param high? number default 1
---@return number
function random.float(low, high) end

---From `low` to `high`, both included.
---@param low integer
---@param high integer
---@return integer
function random.integer(low, high) end

---@param length integer
---@param alphabet? string the characters to choose from, default `a` to `z`
---@return string
function random.string(length, alphabet) end

---A UUID of version 4.
---@return string
function random.uuid() end

---One of a list or of a shared array.
---@generic T
---@param list T[]|perigee.data.Array
---@return T
function random.item(list) end

---One of several, in proportion to their weights: `{ name = weight, ... }` gives a name, a list of
---pairs `{ { item, weight }, ... }` an item.
---@param choices table<string, number>|{ [1]: any, [2]: number }[]
---@return any
function random.weighted(choices) end

---A new list with the same items in another order.
---@generic T
---@param list T[]
---@return T[]
function random.shuffle(list) end

---The normal distribution.
---@param mean? number default 0
---@param deviation? number standard deviation, default 1
---@return number
function random.normal(mean, deviation) end

---What the logarithm of has a normal distribution.
---@param mean? number of the logarithm, default 0
---@param deviation? number of the logarithm, default 1
---@return number
function random.lognormal(mean, deviation) end

---The time between events that happen independently of each other.
---@param mean number
---@return number
function random.exponential(mean) end

---How many of them happen in a while.
---@param mean number
---@return integer
function random.poisson(mean) end

---A rank from 1 to `ranks`; rank k comes up in proportion to 1 / k^`exponent`, as the popularity of
---models and documents does.
---@param ranks integer
---@param exponent? number default 1
---@return integer
function random.zipf(ranks, exponent) end

---Mostly little and seldom very much: the less `shape`, the longer the tail.
---@param shape number
---@param least? number default 1
---@return number
function random.pareto(shape, least) end

return random
