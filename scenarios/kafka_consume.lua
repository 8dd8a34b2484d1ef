-- Reads a topic as a group, as fast as it comes, until it has read so many messages or the time is
-- over, and says what is left to read.
-- Run: KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092 KAFKA_TOPIC=orders KAFKA_MAX_MESSAGES=100000 \
--      perigee run scenarios/kafka_consume.lua
local execution = require "perigee.execution"
local kafka     = require "perigee.kafka"

local servers = __ENV.KAFKA_BOOTSTRAP_SERVERS or "127.0.0.1:9092"
local topic   = __ENV.KAFKA_TOPIC or "perigee-throughput"
local seconds = tonumber(__ENV.KAFKA_SECONDS or 30)
local max     = tonumber(__ENV.KAFKA_MAX_MESSAGES or 1e9)

local consumer = kafka.consumer{
  ["bootstrap.servers"] = servers, ["group.id"] = __ENV.KAFKA_GROUP or "perigee",
  topics = topic, ["auto.offset.reset"] = "earliest",
}

local M = {}

M.options = {
  scenarios = { consumers = {
    executor = "per-vu-iterations", vus = 1, iterations = 1, maxDuration = seconds + 40 .. "s",
  } },
}

-- One reader: with more VUs on the same consumer each would read `max` of the messages.
function M.default()
  -- A group takes some seconds to begin; what is measured begins then.
  if not consumer:await_assignment("30s") then error("the group has given no partitions") end
  local finish = execution.instance.current_test_run_duration + seconds * 1000
  local left = max
  while left > 0 and execution.instance.current_test_run_duration < finish do
    left = left - #consumer:poll{ max = math.min(left, 500), timeout = "500ms" }
  end
  consumer:commit()
  print(("%d messages read, %d left"):format(max - left, consumer:lag()))
end

return M
