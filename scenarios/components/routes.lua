-- How what is called is addressed: by name and, without Envoy in front, by version; and the headers
-- that Seldon Core 2 routes by.
local settings = require "components.settings"

local M = {}

-- The first version of a model, as the scheduler counts and as its proxy does.
local first_version = settings.scheduler_proxy and 0 or 1

-- Without Envoy in front, a server knows a model by its name and version. A pipeline has none.
function M.served_name(called)
  if settings.envoy or called.is_pipeline then return called.name end
  return ("%s_%d"):format(called.name, called.version or first_version)
end

-- The headers over HTTP, the metadata over gRPC.
function M.headers(called)
  local name = M.served_name(called) .. (called.is_pipeline and ".pipeline" or "")
  return { ["seldon-model"] = name, ["seldon-internal-model"] = not settings.envoy and name or nil }
end

return M
