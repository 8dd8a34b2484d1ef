---@meta

-- What a script may know of the run it is part of. Every field is read anew each time.

---@class perigee.execution
local execution = {}

---@class perigee.execution.Vu
---@field id_in_instance integer the VU's number, from 1
---@field id_in_test integer unique over all instances that run segments of one test
---@field iteration_in_instance integer iterations this VU has done before this one
---@field iteration_in_scenario integer the same, in this scenario

---@field tags table<string, string|number|boolean> the same as `metrics.tags`
---@field metrics perigee.execution.VuMetrics

---What the VU's samples carry. Both are read and set by name, nil takes one away. It holds for
---all the VU does from now on, until it changes to another scenario.
---@class perigee.execution.VuMetrics
---@field tags table<string, string|number|boolean>
---@field metadata table<string, string|number|boolean> goes with samples to --out only

---@type perigee.execution.Vu
execution.vu = {}

---In the functions of scenarios only.
---@class perigee.execution.Scenario
---@field name string
---@field executor string e.g. "constant-vus"
---@field start_time number milliseconds since 1970
---@field progress number from 0 to 1: of the iterations where they are given, else of the time
---@field iteration_in_instance integer from 0; every iteration of the scenario has one of its own
---@field iteration_in_test integer unique over all instances that run segments of one test

---@type perigee.execution.Scenario
execution.scenario = {}

---In setup, teardown and the functions of scenarios.
---@class perigee.execution.Instance
---@field current_test_run_duration number milliseconds since the first scenario's start
---@field iterations_completed integer
---@field iterations_interrupted integer
---@field vus_active integer VUs that run an iteration
---@field vus_initialized integer VUs that exist

---@type perigee.execution.Instance
execution.instance = {}

---The run as a whole.
---@class perigee.execution.Test
---@field options perigee.Options a copy of the run's options, with the scenarios they stand for
---@field abort fun(message?: string) ends the run as perigee.abort does, exit code 108
---@field fail fun(message?: string) the run goes on, and its exit code will be 110

---@type perigee.execution.Test
execution.test = {}

return execution
