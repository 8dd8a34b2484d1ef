---@meta

-- Lists that all VUs read and that are in memory once, whatever their number. They are made at the
-- top of the script; functions and files are read when the script is loaded first, and never again.

---@class perigee.data
local data = {}

---A list that can't be changed. Each element is read anew, as a copy of the VU's own: keep it in a
---local instead of reading it twice. `#array` is its length, `array[i]` an element, nil beyond the
---last one.
---@class perigee.data.Array<T>: { [integer]: T }
local Array = {}

---@return integer
function Array:length() end

---`for i, element in array:items() do ... end`; `ipairs` knows tables only.
---@return fun(array: any, i: integer): integer, any
function Array:items() end

---The element at `i`, from the beginning again after the last: `users:at(__VU)` gives every VU one.
---nil if the array is empty.
---@param i integer from 1
---@return any
function Array:at(i) end

---The next element that nobody has had in this run, over all VUs: one for each iteration. nil after
---the last one.
---@return any
function Array:next() end

---The same, from the beginning again after the last one. nil if the array is empty.
---@return any
function Array:cycle() end

---What a function returns, which is called once: a list of strings, numbers, booleans and tables of
---these. Strings keep every byte.
---@param name string by which all VUs find the array
---@param make fun(): any[]
---@return perigee.data.Array
function data.shared(name, make) end

---The elements of a file that holds a JSON array.
---@param path string beside the file that calls, the script, or in the current folder
---@return perigee.data.Array
function data.json(path) end

---@class perigee.data.CsvOptions
---@field delimiter? string one character, default `,`
---@field asObjects? boolean rows are tables by the names in the first row, else lists
---@field skipFirstLine? boolean the first row has names that nobody wants
---@field fromLine? integer the first row to take, from 0
---@field toLine? integer the last row to take

---The rows of a CSV file (quoted fields as in RFC 4180; empty lines are skipped; a file in UTF-16
---is refused). The file stays on disk, with an index of a few hundredths of its size in memory, and
---must not change meanwhile.
---Fields are strings.
---@param path string beside the file that calls, the script, or in the current folder
---@param options? perigee.data.CsvOptions
---@return perigee.data.Array
function data.csv(path, options) end

---The lines of a file, as strings without their ends. The file stays on disk, as with `csv`.
---@param path string beside the file that calls, the script, or in the current folder
---@return perigee.data.Array
function data.lines(path) end

return data
