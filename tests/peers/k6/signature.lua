-- Requests with a signature, credentials and a query that need encoding.
local perigee  = require "perigee"
local crypto   = require "perigee.crypto"
local encoding = require "perigee.encoding"
local http     = require "perigee.http"
local json     = require "perigee.json"
local url      = require "perigee.url"

local M = {}

M.options = { iterations = 3, thresholds = { checks = { "rate==1" } } }

local key = "a key"

function M.default()
  local body = json.encode{ n = __ITER, text = "ä & ö" }
  local query = url.build_query{ q = "a b&c=d/ä" }
  local res = http.patch(__ENV.TARGET .. "/echo?" .. query, body, {
    headers = {
      ["X-Signature"] = crypto.hmac("sha256", key, body, "hex"),
      ["X-Digest"] = crypto.sha1(body, "base64"),
      Authorization = "Basic " .. encoding.b64encode("ada:p:w"),
    },
  })
  local headers = res:json("headers")
  perigee.check(res, {
    body = function(r) return r:json("body") == body end,
    signature = function(r)
      return headers["X-Signature"] == crypto.hmac("sha256", key, r:json("body"), "hex")
    end,
    digest = function() return #headers["X-Digest"] == 28 end,
    user = function()
      return encoding.b64decode(headers.Authorization:match(" (.*)")) == "ada:p:w"
    end,
    query = function(r) return url.parse_query(r:json("query"))[1][2] == "a b&c=d/ä" end,
    md5 = function() return crypto.md5("abc", "hex") == "900150983cd24fb0d6963f7d28e17f72" end,
  })
end

return M
