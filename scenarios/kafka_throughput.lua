-- How many messages a second a cluster takes. No VU waits for a message: a few of them keep the
-- producer's queue full, and every delivery is measured.
-- Run: KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092 perigee run scenarios/kafka_throughput.lua
local kafka = require "perigee.kafka"

local servers = __ENV.KAFKA_BOOTSTRAP_SERVERS or "127.0.0.1:9092"
local topic   = __ENV.KAFKA_TOPIC or "perigee-throughput"

local producer = kafka.producer{
  ["bootstrap.servers"] = servers,
  acks = "all", ["linger.ms"] = 5, ["compression.type"] = "lz4",
}

local M = {}

M.options = {
  scenarios  = { producers = { executor = "constant-vus", vus = 2, duration = "30s" } },
  thresholds = { kafka_produce_failed = { "rate==0" } },
}

-- A hundred values of 200 bytes, made once.
local values = {}
for i = 1, 100 do values[i] = ("%03d "):format(i):rep(50) end

function M.default()
  producer:send_batch(values, topic)
end

return M
