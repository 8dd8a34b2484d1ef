---@meta

-- The globals that scripts have beside Lua's own.

---The environment variables, with those of `-e NAME=VALUE` and of the scenario's `env` on top.
---@type table<string, string>
__ENV = {}

---The number of the VU, from 1; 0 in setup, in teardown and when the script's options are read.
---@type integer
__VU = 0

---How many iterations the VU has done before this one.
---@type integer
__ITER = 0

---Reads a file: beside the file that calls, else beside the script, else in the current folder. At
---the top of the script only.
---@param path string
---@param mode? "b" binary; a string holds any bytes with or without it
---@return string content
function open(path, mode) end

---Logs its arguments, separated by tabs, as a line with `source=console`.
---@param ... any
function print(...) end

---Logs at a level, with `source=console`. Arguments are separated by spaces, tables are written as
---JSON, with the names of functions, and responses with the beginning of their body.
---`--console-output FILE` writes them, and what `print` says, to a file.
console = {}

---Logs at the level info.
---@param ... any
function console.log(...) end

---Shown with `-v` only.
---@param ... any
function console.debug(...) end

---@param ... any
function console.info(...) end

---@param ... any
function console.warn(...) end

---@param ... any
function console.error(...) end
