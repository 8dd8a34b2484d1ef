-- Wraps a module's table: read-only, and a misspelt name is answered with the closest one. A module
-- that refuses some names for a reason has it in the __index of its table.
local functions, name, did_you_mean, guard = ...
local why = (getmetatable(functions) or {}).__index

setmetatable(functions, {
  __index = function(_, key)
    local reason = why and why(functions, key)
    if reason then error(reason, 2) end
    error("there is no " .. name .. "." .. tostring(key) .. did_you_mean(functions, key), 2)
  end,
})

local module = setmetatable({}, {
  __index = functions,
  __newindex = function()
    error("the module " .. name .. " is read-only", 2)
  end,
  __metatable = false,
})

-- Messages call "perigee.http" by its last name, as scripts do.
guard.all(name:match("[^.]+$") .. ".", functions, module)

return module
