---@meta

-- What every scenario needs: checks, groups, pauses, and ways to end.

---@class perigee
local perigee = {}

---A condition on the checked value, or its result. A function that raises an error fails the check
---and the error goes on.
---@alias perigee.Condition boolean|fun(value: any): any

---Judges a value and counts the result of each condition in the metric `checks`. Conditions are
---taken in the sorted order of their names; a list of pairs keeps its own order. A failed check
---ends nothing.
---@param value any what each condition gets
---@param checks table<string, perigee.Condition>|{ [1]: string, [2]: perigee.Condition }[]
---@param tags? perigee.Tags tags of these checks
---@return boolean passed whether all conditions held
function perigee.check(value, checks, tags) end

---Calls `f` with the tag `group` set to `::name` for what it does, within the group it lies in, and
---records how long it took in `group_duration`.
---@generic T
---@param name string must not contain `::`
---@param f fun(): T
---@return T ... what `f` returns
function perigee.group(name, f) end

---Lets the VU wait. Others go on.
---@param seconds number
function perigee.sleep(seconds) end

---Milliseconds since 1970, with their fraction; `perigee.time` has more.
---@return number
function perigee.now() end

---Ends the iteration with an error; the run goes on.
---@param message? string
function perigee.fail(message) end

---Ends the run: teardown and summary still follow, and the exit code is 108.
---@param message? string
function perigee.abort(message) end

---Names and values of tags.
---@alias perigee.Tags table<string, string|number|boolean>

return perigee
