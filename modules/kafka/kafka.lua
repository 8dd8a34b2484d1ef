-- The functions of perigee.kafka. C++ knows clients by their addresses and errors by their numbers;
-- what a script holds are tables.
local raw, guard = ...
local send, send_batch, produce, await_room, poll, describe_error =
  raw.send, raw.send_batch, raw.produce, raw.await_room, raw.poll, raw.describe_error

local error, next, setmetatable, sort, tostring, type =
  error, next, setmetatable, table.sort, tostring, type

local kafka = {}

-- A client: its address in C++.
local HANDLE = 1

local function error_of(code)
  local name, message = describe_error(code)
  return { code = code, name = name, message = message }
end

local producer_methods, consumer_methods = {}, {}

function producer_methods.send(producer, message, value, key)
  local result = send(producer, message, value, key)
  while result == false do
    await_room(producer[HANDLE])
    result = send(producer, message, value, key)
  end
  if result == true then return true end
  return false, error_of(result)
end

function producer_methods.send_batch(producer, list, topic)
  local handle, sent = producer[HANDLE], 0
  local from, taken = send_batch(handle, list, 1, topic)
  sent = sent + taken
  while from do
    await_room(handle)
    from, taken = send_batch(handle, list, from, topic)
    sent = sent + taken
  end
  return sent
end

local function report(partition, offset, latency, code)
  if code ~= 0 then return { latency = latency, error = error_of(code) } end
  return { partition = partition, offset = offset >= 0 and offset or nil, latency = latency }
end

function producer_methods.produce(producer, message)
  local handle = producer[HANDLE]
  local partition, offset, latency, code = produce(handle, message)
  while partition == false do
    await_room(handle)
    partition, offset, latency, code = produce(handle, message)
  end
  return report(partition, offset, latency, code)
end

function producer_methods.outstanding(producer)
  return raw.outstanding(producer[HANDLE])
end

-- What a call of transactions gives: true, or nil with an error's number and message.
local function done_or_error(done, code, message)
  if done then return true end
  local failure = error_of(code)
  failure.message = message
  return false, failure
end

function producer_methods.begin_transaction(producer, timeout)
  return done_or_error(raw.begin_transaction(producer[HANDLE], timeout))
end

function producer_methods.send_offsets(producer, consumer, timeout)
  if consumer.poll ~= consumer_methods.poll then
    error("producer:send_offsets: consumer must be what kafka.consumer returns", 2)
  end
  return done_or_error(raw.send_offsets(producer[HANDLE], consumer[HANDLE], timeout))
end

function producer_methods.commit_transaction(producer, timeout)
  return done_or_error(raw.commit_transaction(producer[HANDLE], timeout))
end

function producer_methods.abort_transaction(producer, timeout)
  return done_or_error(raw.abort_transaction(producer[HANDLE], timeout))
end

local producer_meta = { __index = producer_methods, __metatable = false }
guard.all("producer:", producer_methods, producer_meta)

function kafka.producer(settings)
  return setmetatable({ raw.new_producer(settings) }, producer_meta)
end

local poll_params = { max = true, min = true, timeout = true }

function consumer_methods.poll(consumer, params)
  if not params then return poll(consumer[HANDLE]) end
  for key in next, params do
    if not poll_params[key] then
      error("consumer:poll: there is no parameter \"" .. tostring(key) ..
        "\"; there are max, min and timeout", 2)
    end
  end
  return poll(consumer[HANDLE], params.max, params.min, params.timeout)
end

function consumer_methods.assignment(consumer)
  return raw.assignment(consumer[HANDLE])
end

function consumer_methods.await_assignment(consumer, timeout)
  return raw.await_assignment(consumer[HANDLE], timeout)
end

function consumer_methods.position(consumer, topic, partition)
  return raw.position(consumer[HANDLE], topic, partition)
end

local function target_of(to)
  if type(to.topic) ~= "string" or type(to.partition) ~= "number" then
    error("consumer:seek: write consumer:seek{ topic = \"t\", partition = 0, offset = 0 }", 3)
  end
  return to.topic, to.partition, to.offset
end

function consumer_methods.seek(consumer, to)
  raw.seek(consumer[HANDLE], target_of(to))
end

-- What librdkafka says when nothing was read since the last commit.
local NO_OFFSET = -168

function consumer_methods.commit(consumer)
  local code = raw.commit(consumer[HANDLE])
  if code == 0 or code == NO_OFFSET then return true end
  return false, error_of(code)
end

function consumer_methods.lag(consumer)
  return raw.lag(consumer[HANDLE])
end

local consumer_meta = { __index = consumer_methods, __metatable = false }
guard.all("consumer:", consumer_methods, consumer_meta)

function kafka.consumer(settings)
  return setmetatable({ raw.new_consumer(settings) }, consumer_meta)
end

local admin_methods = {}

-- What C++ gives: a value, or nil with an error's number and message.
local function value_or_error(value, code, message)
  if value ~= nil then return value end
  local failure = error_of(code)
  failure.message = message
  return nil, failure
end

local topic_fields = {
  topic = true, partitions = true, replication_factor = true, config = true, timeout = true,
}

function admin_methods.create_topic(admin, topic)
  for key in next, topic do
    if not topic_fields[key] then
      error("admin:create_topic: there is no parameter \"" .. tostring(key) ..
        "\"; there are topic, partitions, replication_factor, config and timeout", 2)
    end
  end
  return value_or_error(raw.create_topic(admin[HANDLE], topic.topic, topic.partitions,
    topic.replication_factor, topic.config, topic.timeout))
end

function admin_methods.delete_topic(admin, topic, timeout)
  return value_or_error(raw.delete_topic(admin[HANDLE], topic, timeout))
end

function admin_methods.metadata(admin, timeout)
  return value_or_error(raw.metadata(admin[HANDLE], nil, timeout))
end

function admin_methods.list_topics(admin, timeout)
  local found, failure = admin_methods.metadata(admin, timeout)
  if not found then return nil, failure end
  local names = {}
  for name in next, found.topics do names[#names + 1] = name end
  sort(names)
  return names
end

function admin_methods.describe_topic(admin, topic, timeout)
  local found, failure = value_or_error(raw.metadata(admin[HANDLE], topic, timeout))
  return found and found.topics[topic], failure
end

function admin_methods.offsets(admin, topic, timeout)
  return value_or_error(raw.offsets(admin[HANDLE], topic, timeout))
end

function admin_methods.group_lag(admin, group, topic, timeout)
  return value_or_error(raw.group_lag(admin[HANDLE], group, topic, timeout))
end

local admin_meta = { __index = admin_methods, __metatable = false }
guard.all("admin:", admin_methods, admin_meta)

function kafka.admin(settings)
  return setmetatable({ raw.new_admin(settings) }, admin_meta)
end

local requester_methods = {}

function requester_methods.request(requester, message, timeout)
  local duration, topic, key, value, headers, code =
    raw.request(requester[HANDLE], message, timeout)
  if code then return { duration = duration, error = error_of(code) } end
  local reply =
    { topic = topic, key = key, value = value, headers = headers, duration = duration }
  if topic == requester.error_topic then
    reply.error = { code = 0, name = "ERROR_REPLY", message = value or "" }
  end
  return reply
end

local requester_meta = { __index = requester_methods, __metatable = false }
guard.all("requester:", requester_methods, requester_meta)

function kafka.requester(settings)
  local handle, error_topic = raw.new_requester(settings)
  return setmetatable({ handle, error_topic = error_topic }, requester_meta)
end

guard.all("kafka.", kafka)
return kafka
