---@meta

-- JSON, from and to Lua values.

---@class perigee.json
local json = {}

---Keys go in sorted order. An empty table is `{}` unless `json.array` has marked it. Whole numbers
---have all their digits up to 1e21, and `5LL` and `5ULL` always. U+FFFD stands for bytes that are
---not UTF-8, with a warning.
---Raises an error for what JSON can't express: functions, NaN, a table that contains itself.
---@param value any
---@param options? perigee.json.Encoding
---@return string text
function json.encode(value, options) end

---@class perigee.json.Encoding
---@field indent? number blanks per level, 0 to 10: every value is on a line of its own

---@class perigee.json.Decoding
---@field null? perigee.json.Null `json.null`: nulls stay, and `json.encode` writes them again
---@field bigNumbers? "string" whole numbers beyond 2^53, which a Lua number can't hold, as strings

---A null is nil: its key is not in the table. Only in an array it is `json.null`, which keeps the
---positions of the others. Half of a surrogate pair becomes U+FFFD. Raises an error that shows
---where the text is wrong; whatever follows the value is.
---@param text string
---@param options? perigee.json.Decoding
---@return any value
function json.decode(text, options) end

---What a JSON text has at a path in gjson's syntax, without making tables of the rest. Keys and
---indexes are joined by `.`; **indexes count from 0**, as in gjson. nil if there is nothing, or if
---the text is not JSON.
---
---`models.0.name`, `models.#` (how many), `models.#.name` (of each), `mod*.0` (`*` and `?` stand
---for characters of a key), `models.#(ready==true).name` (of the first that is),
---`models.#(size>=2)#` (all that are). Comparisons: `== != < <= > >= % !%`, the last two with a
---pattern of `*` and `?`. `\` takes the next character of a key as it is.
---@param text string
---@param path string
---@return any value nil if there is nothing; a text that is no JSON is an error
function json.find(text, path) end

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
