-- Users of a CSV file: each iteration takes the next row, which no other has at the same time.
-- Run: perigee serve &  perigee run FILE.lua
-- Your own file, with a first row of names: perigee run -e USERS=users.csv FILE.lua
local perigee  = require "perigee"
local data     = require "perigee.data"
local encoding = require "perigee.encoding"
local http     = require "perigee.http"
local url      = require "perigee.url"

local M = {}

M.options = {
  vus = 5,
  duration = "10s",
  -- What must hold for the run to pass; if it does not, the exit code is 99.
  thresholds = {
    checks = { "rate>0.99" },
    iteration_errors = { "count==0" },      -- no iteration ends with an error
  },
}

-- Read once, and shared by all virtual users. Without a file there are some that we make up.
local users
if __ENV.USERS then
  users = data.csv(__ENV.USERS, { asObjects = true })
else
  users = data.shared("users", function()
    local list = {}
    for i = 1, 100 do list[i] = { user = "user" .. i, password = "secret" .. i } end
    return list
  end)
end

local server = __ENV.URL or "http://127.0.0.1:9000"

function M.default()
  local row = users:cycle()                 -- users:next() would end after the last row
  local user, password = url.encode(row.user), url.encode(row.password)
  local login = encoding.b64encode(row.user .. ":" .. row.password)
  -- The URL of every user is another one: http.url gives all of them one name.
  local res = http.get(http.url(server .. "/basic-auth/${}/${}", user, password), {
    headers = { Authorization = "Basic " .. login },
  })
  perigee.check(res, {
    ["the user got in"] = function(r) return r:json("user") == row.user end,
  })
  perigee.sleep(0.1)
end

return M
