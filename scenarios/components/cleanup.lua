-- What is left behind when a step fails.
local M = {}

-- Calls `act`. When it raises an error, `clean` is called before the error goes on.
function M.after_failure(act, clean)
  local done, failure = pcall(act)
  if done then return end
  local cleaned, why = pcall(clean)
  if not cleaned then print("after the failure: " .. tostring(why)) end
  error(failure, 0)
end

return M
