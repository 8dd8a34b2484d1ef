-- The environment variables of the scenarios that infer over Kafka, beside those of settings.lua.
-- The table is the whole list; docs/environment.md says what each one means.
local readers  = require "components.setting_readers"
local settings = require "components.settings"

local M = {}

local text, whole_from, positive = readers.text, readers.whole_from, readers.positive

-- "a:9092,b:9092"
local function servers(name, value)
  readers.list_of(readers.endpoint)(name, value)
  return value
end

-- What topics' names may have.
local function topic_part(name, value)
  if value:find("^[%w._-]+$") then return value end
  readers.refuse(name, value, "letters, digits, dots, dashes and underscores")
end

-- "k=v,...": a value may have commas, as lists of brokers do, so what has no "=" belongs to the
-- property before it.
local function properties(name, value)
  local all, last = {}, nil
  for part in (value .. ","):gmatch("([^,]*),") do
    local key, text_of = part:match("^%s*([%w._]+)%s*=(.*)$")
    if key then
      all[key], last = text_of, key
    elseif last then
      all[last] = all[last] .. "," .. part
    else
      readers.refuse(name, value, "properties of librdkafka like acks=all,linger.ms=5")
    end
  end
  return all
end

-- The namespace of Kubernetes is that of the topics, where the scenarios run there.
local function namespace()
  local given = __ENV.NAMESPACE
  return given and given ~= "" and given or "default"
end

-- { name in scripts, variable, reader, default or the function that makes it }
readers.read_all(M, {
  { "servers", "KAFKA_BOOTSTRAP_SERVERS", servers, "127.0.0.1:9092" },
  { "topic_prefix", "KAFKA_TOPIC_PREFIX", topic_part, "seldon" },
  { "namespace", "KAFKA_NAMESPACE", topic_part, namespace },
  { "properties", "KAFKA_PROPERTIES", properties, {} },
  { "value", "KAFKA_VALUE", readers.one_of("protobuf", "json"), "protobuf" },
  { "timeout_seconds", "KAFKA_TIMEOUT_SECONDS", positive, 30 },
  { "iterations", "INFER_KAFKA_ITERATIONS", whole_from(1), 1 },
  { "request_id_prefix", "REQUEST_ID_PREFIX", text, "perigee" },
})

if M.value == "json" and settings.infer_binary then
  error("INFER_BINARY has tensors go as bytes, which JSON has no room for: set " ..
    "KAFKA_VALUE=protobuf, or leave it unset", 0)
end

return M
