-- A user logs in, keeps a cookie and a token, and looks at pages with them.
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = {
  vus = 2,
  iterations = 6,
  thresholds = { checks = { "rate==1" }, ["http_reqs{name:page}"] = { "count==12" } },
}

function M.default()
  local jar = http.cookie_jar()
  local login = http.post(__ENV.TARGET .. "/echo?from=home",
    { user = "ada", password = "p&w=1" }, { tags = { name = "login" } })
  if not perigee.check(login, {
    ["logged in"] = function(r) return r.status == 200 end,
    ["is a form"] = function(r)
      return r:json("headers.Content-Type") == "application/x-www-form-urlencoded"
    end,
  }) then perigee.fail("no session") end
  jar:set(__ENV.TARGET, "session", "s-" .. #login:json("body"), { path = "/" })
  local token = login:json().query:match("=(.*)")
  for page = 1, 2 do
    local res = http.get(__ENV.TARGET .. "/echo?page=" .. page, {
      headers = { Authorization = "Bearer " .. token },
      tags = { name = "page" },
    })
    perigee.check(res, {
      ["has the cookie"] = function(r)
        return r:json("headers.Cookie"):find("session=s%-%d+") ~= nil
      end,
      ["has the token"] = function(r) return r:json("headers.Authorization") == "Bearer home" end,
      ["is the page"] = function(r) return r:json("query") == "page=" .. page end,
    })
  end
end

return M
