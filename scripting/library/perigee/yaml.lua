---@meta

-- YAML 1.2, from and to Lua values.

---@class perigee.yaml
local yaml = {}

---Plain words are null (as `json.null`), booleans, numbers or else strings; keys are strings.
---Aliases become copies, `<<` merges a mapping. Raises an error that names the line of what is
---wrong, also for a text of several documents.
---@param text string
---@return any value `json.null` for an empty text
function yaml.decode(text) end

---The documents of a text.
---@param text string
---@return any[] values
function yaml.decode_all(text) end

---Keys go in sorted order. Raises an error for what JSON can't express either: functions, NaN, a
---table that contains itself.
---@param value any
---@return string text
function yaml.encode(value) end

return yaml
