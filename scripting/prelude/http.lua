-- The functions of perigee.http. What waits in C++ comes back with the parts of a response; they
-- are put together here, in the running VU, where the compiler sees them with what uses them.
local raw, build = ...
local get, post, request = raw.get, raw.post, raw.request

return {
  get = function(url, params)
    return build(get(url, params))
  end,
  post = function(url, body, params)
    return build(post(url, body, params))
  end,
  request = function(method, url, body, params)
    return build(request(method, url, body, params))
  end,
  batch = raw.batch,
}
