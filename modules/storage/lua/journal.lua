-- How far an upload in parts has come, in a file beside the one that is sent: the next upload of
-- the same file to the same place goes on there.
local raw, tools = ...

local M = {}

local ENDING = ".perigee-upload"

-- Whether a file of this name is a journal, which is nobody's result.
function M.is_one(name) return name:sub(-#ENDING) == ENDING end

local function same(map, other)
  for key, value in pairs(map) do
    if other[key] ~= value then return false end
  end
  return true
end

-- The journal of a source, or nil if it is no file. `place` says where it goes and in what parts.
-- What was saved of an upload to there is `state`, or `stale` if the file has changed since.
function M.open(source, place)
  if not source.path then return nil end
  local journal = { path = source.path .. ENDING, place = place, size = source.size,
    modified = raw.modified_at(source.path) }
  local kept = tools.decode(raw.read_file(journal.path))
  if type(kept.place) ~= "table" or type(kept.state) ~= "table" then return journal end
  if not same(place, kept.place) then return journal end
  local is_current = kept.size == journal.size and kept.modified == journal.modified
  journal[is_current and "state" or "stale"] = kept.state
  return journal
end

-- A folder that can't be written to makes an upload that can't be gone on with, and nothing worse.
function M.save(journal, state)
  if not journal or journal.is_lost then return end
  local ok, reason = pcall(raw.save_private, journal.path, raw.json.encode {
    place = journal.place, size = journal.size, modified = journal.modified, state = state,
  })
  if ok then return end
  journal.is_lost = true
  raw.warn(("an upload that breaks off will begin anew: %s"):format(
    (tostring(reason):gsub("^[^\n]-:%d+: ", ""))))
end

function M.remove(journal)
  if journal then pcall(raw.remove_file, journal.path) end
end

-- Whether the reason of a failure may be gone when somebody tries again.
function M.may_go_on(failure)
  local status = failure.status
  return status == 0 or status == 408 or status == 429 or status >= 500
end

return M
