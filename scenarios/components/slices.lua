-- A long list in parts, for what is done to many at the same time.

-- How many objects are loaded, asked or called at the same time.
local SIZE = 40

local M = { SIZE = SIZE }

-- For a `for` loop: each part and how many elements it and those before it have.
function M.of(list)
  local first = 1
  return function()
    if first > #list then return nil end
    local part = {}
    for i = first, math.min(first + SIZE - 1, #list) do part[#part + 1] = list[i] end
    first = first + #part
    return part, first - 1
  end
end

return M
