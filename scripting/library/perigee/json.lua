---@meta

-- JSON, from and to Lua values.

---@class perigee.json
local json = {}

---Keys go in sorted order. An empty table is `{}` unless `json.array` has marked it. Raises an
---error for what JSON can't express: functions, NaN, a table that contains itself.
---@param value any
---@return string text
function json.encode(value) end

---JSON's null becomes `json.null`. Raises an error that says where the text is wrong.
---@param text string
---@return any value
function json.decode(text) end

---Marks a table as an array, so that an empty one encodes as `[]`.
---@generic T
---@param values? T[] a new table if left out
---@return T[] values the same table
function json.array(values) end

---@class perigee.json.Null

---What stands for JSON's null; equal to nothing but itself.
---@type perigee.json.Null
json.null = {}

return json
