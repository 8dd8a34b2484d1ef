-- What TLS costs those who come for the first time and those who come back: a handshake for each
-- request, in full or with the session of the one before.
-- Run: perigee serve --tls-cert cert.pem --tls-key key.pem
-- and then: perigee run -e CA=cert.pem scenarios/tls_handshakes.lua
-- CLIENT_CERT and CLIENT_KEY are shown to servers that ask for a certificate.
local perigee = require "perigee"
local http    = require "perigee.http"
local metrics = require "perigee.metrics"

local M = {}

M.options = {
  scenarios         = { visitors = { executor = "constant-vus", vus = 5, duration = "5s" } },
  thresholds        = { checks = { "rate>0.99" } },
  noConnectionReuse = true,
}

local url = (__ENV.INFER_HTTP_ENDPOINT or "https://127.0.0.1:9000") .. "/v2/health/ready"

local own_certificate
if __ENV.CLIENT_CERT then
  own_certificate = { { cert = __ENV.CLIENT_CERT, key = __ENV.CLIENT_KEY } }
end

-- The keys are those of the options of the same names.
local function tls(resumes)
  return {
    tlsCACerts     = __ENV.CA and { __ENV.CA } or nil,
    tlsAuth        = own_certificate,
    tlsVersion     = { min = "tls1.2" },
    resumeSessions = resumes,
  }
end

local newcomer  = http.client{ tls = tls(false) }
local returning = http.client{ tls = tls(true) }

local full_handshake    = metrics.trend("full_handshake", true)
local resumed_handshake = metrics.trend("resumed_handshake", true)

local is_ok = { ["status is 200"] = function(res) return res.status == 200 end }

function M.default()
  for _, client in ipairs({ newcomer, returning }) do
    local res = client:get(url)
    if perigee.check(res, is_ok) then
      local trend = res.tls_resumed and resumed_handshake or full_handshake
      trend:add(res.timings.tls_handshaking)
    end
  end
end

return M
