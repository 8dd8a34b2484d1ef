-- Storage in folders of this machine, claims that are mounted among them.
local raw, tools = ...

local M = {}

local PIECE = 1048576

function M.open(place) return place end

-- What went wrong with a file is a failure like that of a request.
local function attempt(what, f)
  local ok, result = pcall(f)
  if ok then return result end
  -- The script's place and the function's name are those of a call that was wrong.
  local reason = tostring(result):gsub("^[^\n]-:%d+: ", ""):gsub("^storage%.%w+: ", "")
  return nil, tools.failure(what, 0, "File", reason)
end

-- A name appears when all of its bytes are on the disk.
function M.put(_, path, source)
  return attempt("put", function()
    local part = path .. ".perigee-part"
    raw.make_room(path)
    if source.data then raw.append(part, source.data, true) end
    if source.path then
      raw.append(part, "", true)
      for at = 0, source.size - 1, PIECE do
        raw.append(part, raw.read_at(source.path, at, math.min(PIECE, source.size - at)), false)
      end
    end
    raw.finish(part, path)
    return { size = source.size }
  end)
end

function M.get(_, path, target)
  return attempt("get", function()
    local size = raw.size_of(path)
    if not target then return raw.read_at(path, 0, size) end
    return M.put(nil, target, { path = path, size = size })
  end)
end

function M.list(_, path)
  return attempt("list", function()
    if raw.kind_of(path) == nil then return {} end
    local items = {}
    for i, file in ipairs(raw.list_files(path)) do items[i] = { name = file[1], size = file[2] } end
    return items
  end)
end

function M.delete(_, path)
  return attempt("delete", function()
    raw.remove_file(path)
    return true
  end)
end

return M
