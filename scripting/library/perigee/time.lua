---@meta

-- The calendar, and a clock that nobody sets. Times are milliseconds since 1970, as `perigee.now()`
-- gives them.

---@class perigee.time
local time = {}

---A time in UTC as JavaScript's `toISOString` writes it: `2026-01-31T12:00:00.000Z`.
---@param ms? number default now
---@return string
function time.iso(ms) end

---Reads a date (`2026-01-31`), or a date and a time (`2026-01-31T12:00:00.5+01:00`). Without `Z` or
---an offset it is of UTC. Raises an error for what is neither.
---@param text string
---@return number ms
function time.parse(text) end

---A time by a pattern of `os.date`: `%Y-%m-%d %H:%M:%S`.
---@param pattern string
---@param ms? number default now
---@param zone? "utc"|"local" default `utc`
---@return string
function time.format(pattern, ms, zone) end

---Milliseconds of a clock that only goes forward, to measure how long something takes:
---`local began = time.monotonic()`, then `time.monotonic() - began`.
---@return number ms with a fraction
function time.monotonic() end

return time
