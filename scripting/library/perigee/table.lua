---@meta

-- What JavaScript has for arrays and objects. Every function makes a new table.

---@class perigee.table
local table = {}

---The fields of all tables; where several have one, the last wins. nil counts as an empty one.
---@param ... table?
---@return table
function table.merge(...) end

---What `f(value, i)` returns for each element; nils are left out.
---@param list table
---@param f fun(value: any, i: number): any
---@return any[]
function table.map(list, f) end

---The elements for which `f(value, i)` is true, as Lua judges: `0` and `""` are.
---@param list table
---@param f fun(value: any, i: number): any
---@return any[]
function table.filter(list, f) end

---The keys in sorted order, numbers first.
---@param t table
---@return any[]
function table.keys(t) end

---The values in the order of their keys.
---@param t table
---@return any[]
function table.values(t) end

return table
