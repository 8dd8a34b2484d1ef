-- Sends MESSAGES of 200 bytes to SERVERS: SENDS per iteration, in the FORM of a table, of words (a
-- topic and a value) or of a batch.
local kafka = require "perigee.kafka"

local producer =
  kafka.producer{ ["bootstrap.servers"] = __ENV.SERVERS, acks = "all", ["linger.ms"] = 5 }
local sends = tonumber(__ENV.SENDS)
local value = ("x"):rep(200)
local values = {}
for i = 1, sends do values[i] = value end

local forms = {}

function forms.table()
  for _ = 1, sends do producer:send{ topic = "bench", value = value } end
end

function forms.words()
  for _ = 1, sends do producer:send("bench", value) end
end

function forms.batch()
  producer:send_batch(values, "bench")
end

return {
  options = { scenarios = { load = {
    executor = "shared-iterations", vus = 1, iterations = tonumber(__ENV.MESSAGES) / sends,
    maxDuration = "10m",
  } } },
  default = forms[__ENV.FORM],
}
