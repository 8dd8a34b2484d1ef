-- RATE messages of 200 bytes a second to SERVERS for SECONDS, a hundred per iteration in the FORM of
-- a table, of words or of a batch; a consumer takes each one's time from end to end.
local kafka = require "perigee.kafka"

local servers, rate, seconds = __ENV.SERVERS, tonumber(__ENV.RATE), tonumber(__ENV.SECONDS)
local sends, partitions = 100, 4

local producer = kafka.producer{
  ["bootstrap.servers"] = servers, acks = "all", ["linger.ms"] = 5, stamp = true,
}
local assigned = {}
for i = 1, partitions do
  assigned[i] = { topic = "bench", partition = i - 1, offset = "end" }
end
local consumer = kafka.consumer{ ["bootstrap.servers"] = servers, partitions = assigned }

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
  options = {
    scenarios = {
      producers = {
        executor = "constant-arrival-rate", exec = "produce", startTime = "1s",
        rate = rate / sends, timeUnit = "1s", duration = seconds .. "s", preAllocatedVUs = 10,
      },
      consumers = {
        executor = "constant-vus", exec = "consume", vus = 1, duration = seconds + 3 .. "s",
      },
    },
    summaryTrendStats = { "med", "p(99)", "count" },
  },
  produce = forms[__ENV.FORM],
  consume = function() consumer:poll{ max = 1000, timeout = "200ms" } end,
}
