-- Uploads that no VU holds: a file that all VUs read, and rows that a function makes as they leave.
-- Run: perigee serve, and then: perigee run scenarios/streamed_upload.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = { vus = 2, iterations = 20, thresholds = { checks = { "rate==1" } } }

local base = __ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000"
local file = http.body_file("data/flowers.csv")

-- A hundred numbered rows, one each time it is called.
local function rows()
  local row = 0
  return function()
    row = row + 1
    if row <= 100 then return row .. ",5.1,3.5,1.4,0.2\n" end
  end
end

function M.default()
  local sent = http.post(base .. "/echo", file)
  perigee.check(sent, { ["the whole file came"] = #sent:json("body") == file.size })

  sent = http.post(base .. "/echo", http.body_from(rows()))
  perigee.check(sent, { ["the last row came"] = sent:json("body"):find("\n100,", 1, true) ~= nil })
end

return M
