---@meta

-- What a script may know of the run it is part of. Every field is read anew each time.

---@class perigee.execution
local execution = {}

---@class perigee.execution.Vu
---@field id_in_instance integer the VU's number, from 1
---@field id_in_test integer the same
---@field iteration_in_instance integer iterations this VU has done before this one
---@field iteration_in_scenario integer the same, in this scenario

---@type perigee.execution.Vu
execution.vu = {}

---In the functions of scenarios only.
---@class perigee.execution.Scenario
---@field name string
---@field executor string e.g. "constant-vus"
---@field start_time number milliseconds since 1970
---@field progress number from 0 to 1: of the iterations where they are given, else of the time
---@field iteration_in_instance integer from 0; every iteration of the scenario has one of its own
---@field iteration_in_test integer the same

---@type perigee.execution.Scenario
execution.scenario = {}

---@class perigee.execution.Instance
---@field current_test_run_duration number milliseconds since the first scenario's start
---@field iterations_completed integer
---@field iterations_interrupted integer
---@field vus_active integer VUs that run an iteration
---@field vus_initialized integer VUs that exist

---@type perigee.execution.Instance
execution.instance = {}

return execution
