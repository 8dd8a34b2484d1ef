-- A request that fails is no error of the script: what went wrong is in the response.
-- Run: perigee serve &  perigee run scenarios/error_handling.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local endpoint = __ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000"

local M = {}

function M.default()
  perigee.check(http.get(endpoint .. "/v2/models/no-such-model"), {
    ["an unknown model is a 404"] = function(res)
      return res.status == 404 and res.error_code == 1404
    end,
    ["its body says why"] = function(res) return res:json().error:find("not found") ~= nil end,
  })
  perigee.check(http.get(endpoint .. "/delay/5000", { timeout = "50ms" }), {
    ["a late answer is a time-out"] = function(res)
      return res.status == 0 and res.error_code == 1050 and res.error == "request timeout"
    end,
  })
  perigee.check(http.get("http://127.0.0.1:1/"), {
    ["a closed port is refused"] = function(res)
      return res.status == 0 and res.error_code == 1212
    end,
  })
  local ok, message = pcall(perigee.fail, "this iteration would end here")
  perigee.check(ok, { ["fail() can be caught"] = not ok and message:find("would end") ~= nil })
end

return M
