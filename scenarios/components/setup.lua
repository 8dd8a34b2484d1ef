-- What the scenarios that infer do before and after: load the models of the settings, wait until
-- they are ready, infer once with each; unload them at the end.
local control_plane = require "components.control_plane"
local inference     = require "components.inference"
local models        = require "components.models"
local settings      = require "components.settings"
local slices        = require "components.slices"

local M = {}

local function warm_up(called)
  for part in slices.of(called) do inference.warm_up(part) end
end

-- The versions that models have, where they are asked for by version.
local function versions_of(all)
  local versions = {}
  for _, model in ipairs(settings.envoy and {} or all) do versions[model.name] = model.version end
  return versions
end

-- Loads nothing with SKIP_LOAD_MODEL. Returns what models.any and the like want to know.
function M.setup_base()
  if #settings.not_read > 0 then
    print(table.concat(settings.not_read, ", ") .. ": set, but none of these scenarios reads it")
  end
  if settings.skip_load_model then return { versions = {} } end
  local all = models.all()
  local called = models.called(all)
  control_plane.load_models(all)
  if settings.via_pipeline then control_plane.load_pipelines(called) end
  control_plane.wait_until_ready(called)
  if settings.warmup then warm_up(called) end
  return { versions = versions_of(all) }
end

-- Nothing with SKIP_UNLOAD_MODEL. Pipelines go first: they need their models.
function M.teardown_base()
  if settings.skip_unload_model then return end
  local all = models.all()
  if settings.via_pipeline then control_plane.unload_pipelines(models.called(all)) end
  control_plane.unload_models(all)
end

return M
