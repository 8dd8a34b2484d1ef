-- Many requests at a time over few connections: HTTP/2, in clear text or (https://) over TLS.
-- Run: perigee serve, and then: perigee run scenarios/http2.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = {
  scenarios  = { callers = { executor = "constant-vus", vus = 20, duration = "10s" } },
  thresholds = { checks = { "rate>0.99" } },
}

local url = (__ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000") .. "/v2/models/iris/infer"
local body = [[{"inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}]]

-- "2" is HTTP/2 only; "auto", which is the default, takes it where TLS agrees on it.
local service = http.client{
  shared  = "inference",
  version = "2",
  headers = { ["Content-Type"] = "application/json" },
}

local is_ok = {
  ["status is 200"]     = function(res) return res.status == 200 end,
  ["HTTP/2 carried it"] = function(res) return res.proto == "HTTP/2.0" end,
}

function M.default()
  perigee.check(service:post(url, body), is_ok)
end

return M
