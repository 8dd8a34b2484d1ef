-- What the scenarios that infer do before and after: load the models of the settings, wait until
-- they are ready, infer once with each; unload them at the end.
local cleanup       = require "components.cleanup"
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

local function load(all, called)
  control_plane.load_models(all)
  if settings.via_pipeline then control_plane.load_pipelines(called) end
  control_plane.wait_until_ready(called)
  if settings.warmup then warm_up(called) end
end

local function unload_loaded(all, called)
  if settings.skip_unload_model then return end
  if settings.via_pipeline then control_plane.unload_loaded_pipelines(called) end
  control_plane.unload_loaded_models(all)
end

-- Loads nothing with SKIP_LOAD_MODEL. A set-up that fails unloads what it has loaded. Returns what
-- models.any and the like want to know.
function M.setup_base()
  if #settings.not_read > 0 then
    print(table.concat(settings.not_read, ", ") .. ": set, but none of these scenarios reads it")
  end
  if settings.skip_load_model then return { versions = {} } end
  local all = models.all()
  local called = models.called(all)
  cleanup.after_failure(function() load(all, called) end, function() unload_loaded(all, called) end)
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
