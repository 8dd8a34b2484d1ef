-- How long messages take from end to end at a steady rate: producing, the broker, consuming.
-- Run: KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092 perigee run scenarios/kafka_latency.lua
local perigee   = require "perigee"
local execution = require "perigee.execution"
local kafka     = require "perigee.kafka"

local servers = __ENV.KAFKA_BOOTSTRAP_SERVERS or "127.0.0.1:9092"
local topic   = __ENV.KAFKA_TOPIC or "perigee-latency"
local seconds = tonumber(__ENV.KAFKA_SECONDS or 30)

-- The header that `stamp` adds says when a message was produced.
local producer = kafka.producer{
  ["bootstrap.servers"] = servers, acks = "all", ["linger.ms"] = 0, stamp = true,
}
-- The first partition alone: without a group nobody has to be waited for.
local consumer = kafka.consumer{
  ["bootstrap.servers"] = servers, ["fetch.wait.max.ms"] = 10,
  partitions = { { topic = topic, partition = 0, offset = "end" } },
}

local M = {}

M.options = {
  scenarios = {
    producers = {
      executor = "constant-arrival-rate", exec = "produce", startTime = "1s",
      rate = 100, timeUnit = "1s", duration = seconds .. "s", preAllocatedVUs = 10,
    },
    consumers = {
      executor = "constant-vus", exec = "consume", vus = 1, duration = seconds + 2 .. "s",
    },
  },
  thresholds = {
    kafka_end_to_end_duration = { "p(99)<1000" },
    checks = { "rate==1" },
  },
}

local is_delivered = {
  ["delivered"] = function(report) return report.error == nil end,
}

function M.produce()
  local number = execution.scenario.iteration_in_test
  perigee.check(producer:produce{ topic = topic, partition = 0, value = "message " .. number },
    is_delivered)
end

function M.consume()
  consumer:poll{ max = 100, timeout = "500ms" }
end

return M
