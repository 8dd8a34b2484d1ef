---@meta

-- Kafka. What fails at a broker raises no error: reports say why. What a script gets wrong (an
-- unknown property or field, a value of another type) does raise one.

---@class perigee.kafka
local kafka = {}

---Beside these every property of librdkafka by its own name, e.g. `["bootstrap.servers"]`, `acks`,
---`["linger.ms"]`, `["enable.idempotence"]`, `["compression.type"]`, `["sasl.password"]`. A list
---becomes its elements with commas.
---@class perigee.kafka.ProducerSettings
---@field per_vu? boolean a client for each VU; by default the VUs of a worker share one. With a
---`["transactional.id"]` each VU has its own, whose id ends with the VU's number
---@field stamp? boolean adds the header `perigee-sent`, by which consumers measure from end to end
---@field when_full? "wait"|"error" at a full queue; default "wait", which is measured

---Beside these every property of librdkafka by its own name, e.g. `["group.id"]`,
---`["auto.offset.reset"]`, `["isolation.level"]`.
---@class perigee.kafka.ConsumerSettings
---@field topics? string|string[] to read as a member of the group `["group.id"]`
---@field partitions? perigee.kafka.Partition[] to read without a group
---@field per_vu? boolean a client for each VU; by default the VUs of a worker share one

---@class perigee.kafka.Partition
---@field topic string
---@field partition integer from 0 on
---@field offset? integer|"beginning"|"end"|"committed" where to begin

---@class perigee.kafka.Message
---@field topic string
---@field value? string without one the message deletes its key (a tombstone)
---@field key? string
---@field headers? table<string, string|string[]>
---@field partition? integer instead of the partitioner's choice
---@field timestamp? integer milliseconds since 1970; default now

---@class perigee.kafka.Error
---@field code integer librdkafka's number: below 0 are errors of the client
---@field name string "MSG_SIZE_TOO_LARGE", "_MSG_TIMED_OUT" and the like
---@field message string

---@class perigee.kafka.Report
---@field partition integer? nil with an error
---@field offset integer? nil with an error, and with acks = 0
---@field latency number milliseconds from the call to the acknowledgement
---@field error perigee.kafka.Error?

---@class perigee.kafka.Consumed
---@field topic string
---@field partition integer
---@field offset integer
---@field key string?
---@field value string?
---@field timestamp integer? milliseconds since 1970
---@field headers table<string, string|string[]> a list where a name occurs more than once

---@class perigee.kafka.Producer
local KafkaProducer = {}

---Sends a message and waits for its delivery.
---@param message perigee.kafka.Message
---@return perigee.kafka.Report
function KafkaProducer:produce(message) end

---Sends a message without waiting: its delivery is measured and counted all the same. Takes a
---message, or a topic with value and key. Waits only for room in a full queue.
---@param message perigee.kafka.Message|string
---@param value? string
---@param key? string
---@return boolean taken
---@return perigee.kafka.Error? error where the client has refused it
function KafkaProducer:send(message, value, key) end

---Sends many messages without waiting, with less work for each.
---@param list table messages, or with a topic values
---@param topic? string
---@return integer taken
function KafkaProducer:send_batch(list, topic) end

---@return integer messages that are on their way
function KafkaProducer:outstanding() end

---Begins a transaction of a producer with a `["transactional.id"]`. One that is still open is
---aborted.
---@param timeout? string|number default "30s"
---@return boolean begun
---@return perigee.kafka.Error? error
function KafkaProducer:begin_transaction(timeout) end

---Makes what the consumer has read part of the transaction, instead of `consumer:commit`.
---@param consumer perigee.kafka.Consumer
---@param timeout? string|number default "30s"
---@return boolean sent
---@return perigee.kafka.Error? error
function KafkaProducer:send_offsets(consumer, timeout) end

---Waits for the messages of the transaction, and commits it.
---@param timeout? string|number default "30s"
---@return boolean committed
---@return perigee.kafka.Error? error then abort it
function KafkaProducer:commit_transaction(timeout) end

---@param timeout? string|number default "30s"
---@return boolean aborted
---@return perigee.kafka.Error? error
function KafkaProducer:abort_transaction(timeout) end

---@class perigee.kafka.PollParams
---@field max? integer messages at most; default 500
---@field min? integer waits for so many; default 1
---@field timeout? string|number how long to wait: "5s", or milliseconds; default "1s"

---@class perigee.kafka.Consumer
local KafkaConsumer = {}

---Waits for messages and returns those that are there: none after the time-out.
---@param params? perigee.kafka.PollParams
---@return perigee.kafka.Consumed[]
function KafkaConsumer:poll(params) end

---@return { topic: string, partition: integer }[] partitions that are read now
function KafkaConsumer:assignment() end

---Waits until the consumer has partitions, which takes its group some seconds.
---@param timeout? string|number default "30s"
---@return boolean assigned false after the time-out
function KafkaConsumer:await_assignment(timeout) end

---@param topic string
---@param partition integer
---@return integer? offset behind the last message that was read; nil before the first
function KafkaConsumer:position(topic, partition) end

---Goes on from another offset of a partition that is read.
---@param to perigee.kafka.Partition
function KafkaConsumer:seek(to) end

---Commits what was read, and waits for that.
---@return boolean committed
---@return perigee.kafka.Error? error
function KafkaConsumer:commit() end

---@return integer messages that are still to be read, as far as the client knows
function KafkaConsumer:lag() end

---@class perigee.kafka.NewTopic
---@field topic string
---@field partitions? integer default: the broker's
---@field replication_factor? integer default: the broker's
---@field config? table<string, string|number|boolean> e.g. `{ ["retention.ms"] = 60000 }`
---@field timeout? string|number default "10s"

---@class perigee.kafka.PartitionState
---@field partition integer
---@field leader integer a broker's id
---@field replicas integer[]
---@field isrs integer[] replicas in sync

---What fails returns nil and the error.
---@class perigee.kafka.Admin
local KafkaAdmin = {}

---@param topic perigee.kafka.NewTopic
---@return boolean? created
---@return perigee.kafka.Error? error
function KafkaAdmin:create_topic(topic) end

---@param topic string
---@param timeout? string|number default "10s"
---@return boolean? deleted
---@return perigee.kafka.Error? error
function KafkaAdmin:delete_topic(topic, timeout) end

---@param timeout? string|number default "10s"
---@return { brokers: table[], topics: table<string, perigee.kafka.PartitionState[]> }?
---@return perigee.kafka.Error? error
function KafkaAdmin:metadata(timeout) end

---@param timeout? string|number default "10s"
---@return string[]? names sorted
---@return perigee.kafka.Error? error
function KafkaAdmin:list_topics(timeout) end

---@param topic string
---@param timeout? string|number default "10s"
---@return perigee.kafka.PartitionState[]?
---@return perigee.kafka.Error? error
function KafkaAdmin:describe_topic(topic, timeout) end

---The first offset of each partition, and that of the next message.
---@param topic string
---@param timeout? string|number default "10s"
---@return { partition: integer, first: integer, next: integer }[]?
---@return perigee.kafka.Error? error
function KafkaAdmin:offsets(topic, timeout) end

---What a group has committed of each partition, and what it has still to read.
---@param group string
---@param topic string
---@param timeout? string|number default "10s"
---@return { partition: integer, committed: integer?, next: integer, lag: integer }[]?
---@return perigee.kafka.Error? error
function KafkaAdmin:group_lag(group, topic, timeout) end

---Beside these every property of librdkafka by its own name.
---@class perigee.kafka.RequesterSettings
---@field reply_topic string|string[] read from its end on, from before the load begins
---@field error_topic? string a message there is the failure of its request
---@field correlation_header? string the header that carries a request's id; by default its key does

---@class perigee.kafka.Reply
---@field topic string? nil without a reply
---@field key string?
---@field value string?
---@field headers table<string, string|string[]>?
---@field duration number milliseconds from the call to the reply
---@field error perigee.kafka.Error? "_TIMED_OUT", "ERROR_REPLY", or why it was not delivered

---@class perigee.kafka.Requester
local KafkaRequester = {}

---Sends a message and waits for the reply that has its id.
---@param message perigee.kafka.Message
---@param timeout? string|number default "60s"
---@return perigee.kafka.Reply
function KafkaRequester:request(message, timeout) end

---Makes an admin client in the script's main part.
---@param settings table librdkafka's properties
---@return perigee.kafka.Admin
function kafka.admin(settings) end

---Makes a client for requests in the script's main part. The topics of replies must exist.
---@param settings perigee.kafka.RequesterSettings|table
---@return perigee.kafka.Requester
function kafka.requester(settings) end

---Makes a producer in the script's main part. VUs of a worker whose settings are the same share it.
---@param settings perigee.kafka.ProducerSettings|table
---@return perigee.kafka.Producer
function kafka.producer(settings) end

---Makes a consumer in the script's main part. VUs of a worker whose settings are the same share it,
---and take turns.
---@param settings perigee.kafka.ConsumerSettings|table
---@return perigee.kafka.Consumer
function kafka.consumer(settings) end

return kafka
