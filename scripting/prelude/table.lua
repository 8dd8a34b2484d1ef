-- perigee.table: what JavaScript has for arrays and objects. Every function makes a new table and
-- leaves its arguments as they are.
local ipairs, pairs, select, sort, tostring, type =
  ipairs, pairs, select, table.sort, tostring, type

local tables = {}

-- The fields of all; where several have one, the last wins. Tables within are shared, not merged.
function tables.merge(...)
  local merged = {}
  for i = 1, select("#", ...) do
    for key, value in pairs((select(i, ...)) or {}) do merged[key] = value end
  end
  return merged
end

-- A list of what `f(value, i)` returns for each element. A nil would be a hole, so it is left out.
function tables.map(list, f)
  local mapped = {}
  for i, value in ipairs(list) do mapped[#mapped + 1] = f(value, i) end
  return mapped
end

-- A list of the elements for which `f(value, i)` is true.
function tables.filter(list, f)
  local kept = {}
  for i, value in ipairs(list) do
    if f(value, i) then kept[#kept + 1] = value end
  end
  return kept
end

-- Numbers before texts, each in their order.
local function before(a, b)
  if type(a) == type(b) and (type(a) == "number" or type(a) == "string") then return a < b end
  if type(a) ~= type(b) then return type(a) < type(b) end
  return tostring(a) < tostring(b)
end

-- A list of the keys in sorted order, so that what is done with them is the same in every run.
function tables.keys(t)
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  sort(keys, before)
  return keys
end

-- A list of the values, in the order of their keys.
function tables.values(t)
  local values = {}
  for i, key in ipairs(tables.keys(t)) do values[i] = t[key] end
  return values
end

return tables
