-- Iterations that throw, requests that time out or find nobody, bodies that are no JSON:
-- the run goes on.
local perigee = require "perigee"
local http    = require "perigee.http"
local metrics = require "perigee.metrics"

local caught = metrics.counter("caught")

local M = {}

M.options = {
  vus = 1,
  iterations = 6,
  thresholds = { http_req_failed = { "rate<0.5" }, caught = { "count==2" } },
}

local steps = {
  [0] = function() error("an own error") end,
  function() perigee.fail("given up") end,
  function()
    perigee.check(http.get(__ENV.TARGET .. "/hang", { timeout = "100ms" }), {
      ["timed out"] = function(r) return r.error_code == 1050 and r.status == 0 end,
    })
  end,
  function()
    perigee.check(http.get("http://127.0.0.1:1/"), {
      refused = function(r) return r.error_code == 1212 and r.body == nil end,
    })
  end,
  function()
    local res = http.get(__ENV.TARGET .. "/bytes/5")
    if not pcall(res.json, res) then caught:add(1) end
    if not pcall(http.get, "http://127.0.0.1:1/", { throw = true }) then caught:add(1) end
  end,
  function()
    perigee.check(http.get(__ENV.TARGET .. "/status/500"), {
      ["no error of its own"] = function(r) return r.error_code == 0 end,
      ["is 500"] = function(r) return r.status == 500 end,
    })
  end,
}

function M.default() steps[__ITER]() end

return M
