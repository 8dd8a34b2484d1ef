-- Requests over few HTTP/2 connections that many VUs share, each checked.
-- Run: perigee run -e URL=http://127.0.0.1:9000/v2/models/iris bench/scripts/http2.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local client = http.client{
  shared               = "api",
  version              = "2",
  maxConnections       = tonumber(__ENV.CONNECTIONS or 1),
  maxConcurrentStreams = tonumber(__ENV.STREAMS or 100),
}

local M = {}

M.options = {
  thresholds = { checks = { "rate>0.99" }, http_req_failed = { "rate<0.01" } },
}

local url = __ENV.URL or "http://127.0.0.1:9000/v2/models/iris"

local checks = {
  ["names its model"] = function(res)
    return res.status == 200 and res.body:find("iris", 1, true) ~= nil
  end,
}

function M.default()
  perigee.check(client:get(url), checks)
end

return M
