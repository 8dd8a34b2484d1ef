-- A user who talks to a model and thinks between two turns. Each user runs the script for itself,
-- so the conversation is a local variable.
-- Run: perigee run -u 10 -d 10s scenarios/sleep_and_think.lua
local perigee = require "perigee"
local http    = require "perigee.http"
local json    = require "perigee.json"

local host   = __ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000"
local url    = host .. "/v2/models/sentiment/infer"
local params = { headers = { ["Content-Type"] = "application/json" } }
local think  = tonumber(__ENV.THINK_SECONDS or 1)

local phrases = { "this is a cool test", "I am not so sure", "it gets better" }
local conversation = {}

local M = {}

function M.default()
  conversation[#conversation + 1] = phrases[#conversation % #phrases + 1]
  local said = { name = "args", shape = { #conversation }, datatype = "BYTES", data = conversation }
  local res = http.post(url, json.encode({ inputs = { said } }), params)
  perigee.check(res, {
    ["every turn is answered"] = function(r)
      return r.status == 200 and #r:json().outputs[1].data == #conversation
    end,
  })
  if #conversation == 10 then conversation = {} end
  perigee.sleep(think * (0.5 + math.random()))
end

return M
