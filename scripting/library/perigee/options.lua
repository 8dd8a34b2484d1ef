---@meta

-- The table that a script returns. `---@type perigee.Script` above `local M = {}` lets an editor
-- complete it.

---A duration: "1h2m3.5s", "250ms", "2d"; a number counts milliseconds.
---@alias perigee.Duration string|number

---@class perigee.Script
---@field options? perigee.Options
---@field setup? fun(): any runs once before the load; what it returns reaches the VUs as a copy
---@field default? fun(data: any) an iteration
---@field teardown? fun(data: any) runs once after the load

---@class perigee.Options
---@field vus? integer
---@field duration? perigee.Duration
---@field iterations? integer shared by the VUs
---@field scenarios? table<string, perigee.Scenario>
---@field thresholds? table<string, perigee.Thresholds> by metric or `metric{tag:value}`
---@field tags? table<string, string> of every sample
---@field setupTimeout? perigee.Duration "60s" if not set
---@field teardownTimeout? perigee.Duration "60s" if not set
---@field noSetup? boolean
---@field noTeardown? boolean
---@field userAgent? string
---@field summaryTrendStats? string[] of avg, min, med, max, count and p(N)

---One expression or a list; an empty list adds a line to the summary and judges nothing.
---@alias perigee.Thresholds string|(string|perigee.Threshold)[]

---@class perigee.Threshold
---@field threshold string e.g. "p(95)<200"
---@field abortOnFail? boolean ends the run as soon as it fails
---@field delayAbortEval? perigee.Duration but not before this time

---@alias perigee.Scenario
---| perigee.ConstantVus
---| perigee.SharedIterations
---| perigee.PerVuIterations
---| perigee.ConstantArrivalRate

---@class perigee.AnyScenario
---@field startTime? perigee.Duration after the start of the load
---@field gracefulStop? perigee.Duration that iterations get to end; "30s" if not set
---@field exec? string the function to run; "default" if not set
---@field env? table<string, string> on top of __ENV
---@field tags? table<string, string>

---@class perigee.ConstantVus: perigee.AnyScenario
---@field executor "constant-vus"
---@field vus? integer 1 if not set
---@field duration perigee.Duration

---@class perigee.SharedIterations: perigee.AnyScenario
---@field executor "shared-iterations"
---@field vus? integer 1 if not set
---@field iterations? integer of all VUs together; 1 if not set
---@field maxDuration? perigee.Duration "10m" if not set

---@class perigee.PerVuIterations: perigee.AnyScenario
---@field executor "per-vu-iterations"
---@field vus? integer 1 if not set
---@field iterations? integer of each VU; 1 if not set
---@field maxDuration? perigee.Duration "10m" if not set

---@class perigee.ConstantArrivalRate: perigee.AnyScenario
---@field executor "constant-arrival-rate"
---@field rate number iterations that start per timeUnit; may be a fraction
---@field timeUnit? perigee.Duration "1s" if not set
---@field duration perigee.Duration
---@field preAllocatedVUs integer VUs that exist from the start
---@field maxVUs? integer preAllocatedVUs if not set
