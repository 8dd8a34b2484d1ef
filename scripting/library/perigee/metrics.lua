---@meta

-- Metrics of the scenario's own. They are created at the top of the script, in every VU.

---@class perigee.metrics
local metrics = {}

---@class perigee.metrics.Metric
local Metric = {}

---Adds a sample, with the tags of what the VU does now. true counts as 1 and false as 0; NaN and
---infinity are left out with a warning.
---@param value number|boolean
---@param tags? perigee.Tags
function Metric:add(value, tags) end

---A sum of values.
---@param name string letters, digits and `_`, not beginning with a digit
---@return perigee.metrics.Metric
function metrics.counter(name) end

---The last value, with the least and the greatest.
---@param name string
---@return perigee.metrics.Metric
function metrics.gauge(name) end

---The share of values that are not 0.
---@param name string
---@return perigee.metrics.Metric
function metrics.rate(name) end

---The distribution of values: average, least, greatest, percentiles.
---@param name string
---@param is_time? boolean values are milliseconds
---@return perigee.metrics.Metric
function metrics.trend(name, is_time) end

return metrics
