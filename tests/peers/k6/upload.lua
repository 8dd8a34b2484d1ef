-- Forms, files and other bodies, as browsers and other clients send them.
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = { iterations = 2, thresholds = { checks = { "rate==1" } } }

local picture = open("users.json", "b")

local function has(text, part) return text:find(part, 1, true) ~= nil end

function M.default()
  local form = http.post(__ENV.TARGET .. "/echo", {
    title = "two words",
    file = http.file(picture, "users.json", "application/json"),
  })
  perigee.check(form, {
    ["is multipart"] = function(r)
      return r:json("headers.Content-Type"):find("^multipart/form%-data; boundary=") ~= nil
    end,
    ["has the file"] = function(r)
      return has(r:json("body"), 'filename="users.json"') and has(r:json("body"), "barbara liskov")
    end,
    ["has the title"] = function(r) return has(r:json("body"), "two words") end,
  })
  local plain = http.request("POST", __ENV.TARGET .. "/echo", picture,
    { headers = { ["Content-Type"] = "text/plain" } })
  perigee.check(plain, {
    ["is plain"] = function(r) return r:json("headers.Content-Type") == "text/plain" end,
    ["is whole"] = function(r)
      return tonumber(r:json("headers.Content-Length")) == #picture and #r:json("body") == #picture
    end,
  })
  perigee.check(http.head(__ENV.TARGET .. "/bytes/9"), {
    ["head has no body"] = function(r) return r.status == 200 and (r.body or "") == "" end,
  })
  perigee.check(http.post(__ENV.TARGET .. "/echo"), {
    ["is empty"] = function(r) return r:json("body") == "" end,
  })
end

return M
