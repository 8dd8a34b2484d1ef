-- The share of inferences that failed, of all that are measured: those of warming up are not.
local metrics = require "perigee.metrics"

return metrics.rate("inference_failed")
