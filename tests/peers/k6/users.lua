-- Users of a file post their orders as JSON; some of their fields are null, empty or long numbers.
local perigee = require "perigee"
local data    = require "perigee.data"
local http    = require "perigee.http"
local json    = require "perigee.json"
local metrics = require "perigee.metrics"

local users = data.shared("users", function() return json.decode(open("users.json")) end)
local notes = metrics.counter("notes")

local M = {}

M.options = {
  scenarios = { orders = { executor = "shared-iterations", vus = 3, iterations = 8 } },
}

function M.default()
  local user = users:cycle()
  local id = tostring(user.id)
  local res = http.post(__ENV.TARGET .. "/echo?id=" .. id,
    json.encode{ user = user.name, id = user.id, lines = { 1, 2.5, json.null } }, {
      headers = { ["Content-Type"] = "application/json", ["X-User-Id"] = user.id },
      tags = { user = user.name },
    })
  local sent = json.decode(res:json("body"))
  perigee.check(res, {
    ["id in the query"] = function(r) return r:json("query") == "id=" .. id end,
    ["id in a header"] = function(r) return tonumber(r:json("headers.X-User-Id")) == user.id end,
    ["has an id"] = function() return user.id end,
    ["has a note"] = function() return user.note end,
    ["name is whole"] = function() return sent.user == user.name end,
    ["keeps positions"] = function() return #sent.lines == 3 and sent.lines[3] == json.null end,
  })
  if user.note and user.note ~= "" then notes:add(#user.note) end
end

return M
