-- setup() runs once before the load and teardown() once after it; what setup() returns reaches
-- every user and teardown() as a copy.
-- Run: perigee run -u 3 -d 5s scenarios/setup_teardown.lua
local perigee = require "perigee"
local http    = require "perigee.http"

local endpoint = __ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000"
local params   = { headers = { ["Content-Type"] = "application/json" } }
local is_ok    = { ["status is 200"] = function(res) return res.status == 200 end }

local function repository(model, action)
  return http.post(("%s/v2/repository/models/%s/%s"):format(endpoint, model, action), "{}", params)
end

local M = {}

function M.setup()
  local model = "iris-of-this-run"
  local res = repository(model, "load")
  if res.status ~= 200 then perigee.fail("can't load the model: " .. (res.body or res.error)) end
  return { model = model, loaded_at = os.time() }
end

function M.default(data)
  perigee.check(http.get(("%s/v2/models/%s/ready"):format(endpoint, data.model)), is_ok)
end

function M.teardown(data)
  perigee.check(repository(data.model, "unload"), is_ok)
end

return M
