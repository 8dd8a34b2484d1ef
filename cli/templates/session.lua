-- A login, and a session that its cookie carries through the steps of an iteration.
-- Run: perigee serve &  perigee run FILE.lua
-- Another server: perigee run -e URL=http://127.0.0.1:8080 FILE.lua; change the paths below.
local perigee = require "perigee"
local http    = require "perigee.http"
local random  = require "perigee.random"

local M = {}

M.options = {
  vus = 5,
  duration = "10s",
  -- What must hold for the run to pass; if it does not, the exit code is 99.
  thresholds = {
    checks = { "rate>0.99" },
    iteration_errors = { "count==0" },                    -- no iteration ends with an error
    ["http_req_duration{name:login}"] = { "p(95)<500" },  -- the requests of one name
    ["http_req_duration{name:page}"] = { "p(95)<500" },
  },
}

local server = __ENV.URL or "http://127.0.0.1:9000"

-- What the server has set as a cookie, the virtual user's jar sends back until the iteration ends.
local function log_in()
  local token = random.string(16)
  local res = http.get(server .. "/cookies/set/session/" .. token, { tags = { name = "login" } })
  perigee.check(res, { ["logged in"] = function(r) return r.status == 200 end })
  return token
end

local function see_page(token)
  local res = http.get(server .. "/cookies", { tags = { name = "page" } })
  perigee.check(res, {
    ["it is my session"] = function(r) return r:json("cookies.session") == token end,
  })
end

function M.default()
  local token
  perigee.group("login", function() token = log_in() end)
  perigee.group("pages", function()
    for _ = 1, 3 do
      see_page(token)
      perigee.sleep(random.float(0.05, 0.2))              -- a user reads
    end
  end)
end

return M
