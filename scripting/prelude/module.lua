-- Wraps a module's table: read-only, and a misspelt name is answered with the closest one.
local functions, name, did_you_mean = ...

setmetatable(functions, {
  __index = function(_, key)
    error("there is no " .. name .. "." .. tostring(key) .. did_you_mean(functions, key), 2)
  end,
})

return setmetatable({}, {
  __index = functions,
  __newindex = function()
    error("the module " .. name .. " is read-only", 2)
  end,
  __metatable = false,
})
