---@meta

-- YAML 1.2, from and to Lua values.

---@class perigee.yaml
local yaml = {}

---Plain words are null, booleans, numbers or else strings; keys are strings. A null is nil, its key
---not in the table; only in a sequence it is `json.null`, which keeps the positions of the others.
---Aliases become copies, `<<` merges a mapping. Raises an error that names the line of what is
---wrong, also for a text of several documents.
---@param text string
---@param options? perigee.json.Decoding
---@return any value nil for an empty text
function yaml.decode(text, options) end

---The documents of a text; an empty one is `json.null`.
---@param text string
---@param options? perigee.json.Decoding
---@return any[] values
function yaml.decode_all(text, options) end

---Keys go in sorted order. Raises an error for what JSON can't express either: functions, NaN, a
---table that contains itself.
---@param value any
---@return string text
function yaml.encode(value) end

return yaml
