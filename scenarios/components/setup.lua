-- What the scenarios that infer do before and after: load the models of the settings, wait until
-- they are ready, infer once with each; unload them at the end.
local http          = require "perigee.http"
local control_plane = require "components.control_plane"
local inference     = require "components.inference"
local models        = require "components.models"
local settings      = require "components.settings"

local M = {}

local function warm_up(all)
  local requests = {}
  for i, model in ipairs(all) do requests[i] = inference.request(model) end
  for _, res in ipairs(http.batch(requests)) do inference.check(res) end
end

-- Nothing with SKIP_LOAD_MODEL.
function M.setup_base()
  if settings.skip_load_model then return end
  local all = models.all()
  control_plane.load_models(all)
  control_plane.wait_until_ready(all)
  if settings.warmup then warm_up(all) end
end

-- Nothing with SKIP_UNLOAD_MODEL.
function M.teardown_base()
  if settings.skip_unload_model then return end
  control_plane.unload_models(models.all())
end

return M
