-- Three workflows of one script: readers, writers and one who comes later, each with settings.
local perigee   = require "perigee"
local execution = require "perigee.execution"
local http      = require "perigee.http"

local M = {}

M.options = {
  scenarios = {
    readers = {
      executor = "per-vu-iterations", vus = 3, iterations = 4, exec = "read",
      tags = { kind = "read" },
    },
    writers = {
      executor = "shared-iterations", vus = 2, iterations = 5, exec = "write", env = { SIZE = "7" },
    },
    late = {
      executor = "per-vu-iterations", vus = 1, iterations = 2, exec = "read", startTime = "500ms",
      env = { PAGE = "late" },
    },
  },
  thresholds = {
    ["iterations{scenario:readers}"] = { "count==12" },
    ["http_reqs{kind:read}"] = { "count==12" },
    ["checks{scenario:writers}"] = { "rate==1" },
    ["iterations{scenario:late}"] = { "count>2" },
  },
}

function M.read()
  local res = http.get(__ENV.TARGET .. "/echo?page=" .. (__ENV.PAGE or "first"))
  local page = execution.scenario.name == "late" and "late" or "first"
  perigee.check(res, {
    ["its own page"] = function(r) return r:json("query") == "page=" .. page end,
    ["its own executor"] = function() return execution.scenario.executor == "per-vu-iterations" end,
  })
end

function M.write()
  local res = http.put(__ENV.TARGET .. "/echo", ("x"):rep(tonumber(__ENV.SIZE)),
    { tags = { n = execution.scenario.iteration_in_test } })
  perigee.check(res, {
    ["is seven long"] = function(r) return #r:json("body") == 7 end,
    ["is PUT"] = function(r) return r:json("method") == "PUT" end,
  })
end

return M
