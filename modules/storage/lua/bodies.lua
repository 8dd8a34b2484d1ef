-- Bodies of requests and responses that are read from files, or written to them, in pieces.
local raw = ...

local M = {}

-- Larger ones would cost memory: the collector comes after some megabytes of strings, and waits
-- the longer the more there was.
local PIECE = 32768

-- The body of a request: data, or so many bytes of a file from an offset on.
function M.of(source)
  if not source then return nil end
  if source.data or source.size == 0 then return source.data or "" end
  local at, stop = source.offset or 0, (source.offset or 0) + source.size
  return raw.http.body_from(function()
    if at >= stop then return nil end
    local piece = raw.read_at(source.path, at, math.min(PIECE, stop - at))
    if piece == "" then return nil end
    at = at + #piece
    return piece
  end, { size = source.size })
end

-- A part of a source as a source of its own.
function M.part(source, offset, size)
  size = math.min(size, source.size - offset)
  if source.data then return { data = source.data:sub(offset + 1, offset + size), size = size } end
  return { path = source.path, offset = offset, size = size }
end

-- The digest of a source, as bytes.
function M.digest(source, algorithm)
  if source.data or source.size == 0 then
    return raw.crypto[algorithm](source.data or "", "binary")
  end
  return raw.file_digest(source.path, source.offset or 0, source.size, algorithm)
end

-- What sends a GET and writes the response's body to a file; `state` gets its size and MD5.
function M.receiver(path, state)
  return function(client, url, params)
    local stream = client:stream("GET", url, nil, params)
    if stream.status ~= 200 then
      return {
        status = stream.status, headers = stream.headers, error = stream.error,
        status_text = stream.status_text, body = stream.status > 0 and stream:text() or "",
      }
    end
    local hasher, size = raw.crypto.create_hash("md5"), 0
    raw.append(path, "", true)
    for chunk in stream:chunks() do
      raw.append(path, chunk, false)
      hasher:update(chunk)
      size = size + #chunk
    end
    state.size, state.md5 = size, hasher:digest("binary")
    local whole = tonumber(stream.headers["Content-Length"])
    if stream.error == "" and (not whole or whole == size) then return stream end
    return { status = 0, headers = stream.headers, error = stream.error ~= "" and stream.error
      or ("%d bytes came instead of %d"):format(size, whole) }
  end
end

-- Lets `get` fetch into a file under another name, which is its own when all of it is there. `get`
-- gets what sends the request, and a function that says whether an MD5 is not that of what came.
function M.into_file(target, get)
  local part, state = target .. ".perigee-part", {}
  raw.make_room(target)
  local res, failure = get(M.receiver(part, state), function() return state.md5 end)
  if not res then
    raw.remove_file(part)
    return nil, failure
  end
  raw.finish(part, target)
  return { size = state.size }
end

return M
