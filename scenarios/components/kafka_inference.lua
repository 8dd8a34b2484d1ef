-- Inference over Kafka's topics, as Seldon's model and pipeline gateways take it: a request on the
-- topic of inputs is answered on that of outputs, or on that of errors, by a message with its key.
local perigee        = require "perigee"
local kafka          = require "perigee.kafka"
local protobuf       = require "perigee.protobuf"
local failed         = require "components.inference_failed"
local http_inference = require "components.http_inference"
local kafka_settings = require "components.kafka_settings"
local models         = require "components.models"
local settings       = require "components.settings"

local M = {}

local root    = kafka_settings.topic_prefix .. "." .. kafka_settings.namespace
local timeout = kafka_settings.timeout_seconds .. "s"
local schema  = kafka_settings.value == "protobuf" and
  protobuf.load({ "protos" }, "inference/inference.proto")

local function topic_of(called, side)
  return ("%s.%s.%s.%s"):format(root, called.is_pipeline and "pipeline" or "model", called.name,
    side)
end

local function output_topics()
  local topics = {}
  for i, called in ipairs(models.called(models.all())) do
    topics[i] = topic_of(called, "outputs")
  end
  return topics
end

-- Latency is what is measured: nothing waits to be sent with others, and brokers that hold back a
-- fetch until there is something do so for a short time.
local function requester_settings()
  local all = {
    ["bootstrap.servers"] = kafka_settings.servers,
    ["linger.ms"] = 0, ["fetch.wait.max.ms"] = 10,
    reply_topic = output_topics(), error_topic = root .. ".errors.errors",
  }
  for name, value in pairs(kafka_settings.properties) do all[name] = value end
  return all
end

local requester = kafka.requester(requester_settings())

local succeeded = {
  ["model kafka prediction success"] = function(reply) return reply.error == nil end,
}

local function value_of(called)
  if not schema then return called.body end
  return schema:encode("inference.ModelInferRequest", models.message(called, called.name))
end

-- The message that infers, made once for each table that is called.
local function message_of(called)
  local message = called.kafka_message
  if not message then
    message = {
      topic = topic_of(called, "inputs"), value = value_of(called),
      headers = { pipeline = called.is_pipeline and called.name or nil },
    }
    called.kafka_message = message
  end
  return message
end

local requests = 0

local function next_id()
  requests = requests + 1
  return ("%s_%d_%d"):format(kafka_settings.request_id_prefix, __VU, requests)
end

local function infer_once(called)
  local message = message_of(called)
  message.headers["x-request-id"] = next_id()
  local reply = requester:request(message, timeout)
  local ok = perigee.check(reply, succeeded)
  if not ok and settings.debug then
    print(("%s: %s %s"):format(message.topic, reply.error.name, reply.error.message))
  end
  return ok
end

-- Infers as often as INFER_KAFKA_ITERATIONS says.
function M.infer(called)
  for _ = 1, kafka_settings.iterations do failed:add(not infer_once(called)) end
end

-- Infers once with each of the list.
function M.infer_once(list)
  for _, called in ipairs(list) do infer_once(called) end
end

-- Gateways have no topic that says so: servers are asked over HTTP.
M.reasons_not_ready = http_inference.reasons_not_ready

return M
