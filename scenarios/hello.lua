-- The smallest scenario: one request and what is expected of its answer.
-- Run: perigee serve &  perigee run -u 2 -d 5s scenarios/hello.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local url = (__ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000") .. "/v2/models/iris"

local M = {}

function M.default()
  local res = http.get(url)
  perigee.check(res, {
    ["status is 200"] = function(r) return r.status == 200 end,
    ["the model is iris"] = function(r) return r:json().name == "iris" end,
  })
end

return M
