-- Every iteration takes the next row of a CSV file, which all VUs share, and expects the answer
-- that the row names.
-- Run: perigee run -u 4 -i 50 scenarios/data_from_csv.lua
local perigee = require "perigee"
local data    = require "perigee.data"
local http    = require "perigee.http"
local json    = require "perigee.json"

local flowers = data.csv("data/flowers.csv", { asObjects = true })
local species = { setosa = 0, versicolor = 1, virginica = 2 }

local url    = (__ENV.INFER_HTTP_ENDPOINT or "http://127.0.0.1:9000") .. "/v2/models/iris/infer"
local params = { headers = { ["Content-Type"] = "application/json" } }

local M = {}

local function number(text)
  return tonumber(text) or perigee.fail(text .. " is no number")
end

function M.default()
  local flower = flowers:cycle()
  local sizes = {
    number(flower.sepal_length), number(flower.sepal_width),
    number(flower.petal_length), number(flower.petal_width),
  }
  local input = { name = "predict", shape = { 1, 4 }, datatype = "FP32", data = sizes }
  local res = http.post(url, json.encode({ inputs = { input } }), params)
  perigee.check(res, {
    ["it is the species in the file"] = function(r)
      return r.status == 200 and r:json().outputs[1].data[1] == species[flower.species]
    end,
  })
end

return M
