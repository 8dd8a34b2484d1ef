#include "target/kafka/topic_writer.h"

#include <array>

#include "target/kafka/gateway_client.h"

namespace perigee {
namespace {

// Replies go out one by one, and wait for nobody: their number is that of requests in the broker,
// and so is their size.
const kafka::Properties kWriting{{"linger.ms", "0"},
                                 {"message.max.bytes", "1000000000"},
                                 {"queue.buffering.max.messages", "10000000"},
                                 {"queue.buffering.max.kbytes", "2097151"}};

void set_bytes(rd_kafka_vu_t& part, rd_kafka_vtype_t type, const std::string& bytes) {
  part.vtype = type;
  part.u.mem.ptr = const_cast<char*>(bytes.data());
  part.u.mem.size = bytes.size();
}

}  // namespace

TopicWriter::TopicWriter(const std::string& brokers)
    : handle_(make_gateway_client(RD_KAFKA_PRODUCER, brokers, kWriting)) {}

bool TopicWriter::write(OutgoingMessage message) {
  std::array<rd_kafka_vu_t, 6> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = message.topic.c_str();
  parts[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  parts[1].u.i32 = message.partition;
  parts[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[2].u.i = RD_KAFKA_MSG_F_COPY;
  set_bytes(parts[3], RD_KAFKA_VTYPE_VALUE, message.value);
  parts[4].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[4].u.headers = message.headers.get();
  set_bytes(parts[5], RD_KAFKA_VTYPE_KEY, message.key);
  const size_t count = message.has_key ? parts.size() : parts.size() - 1;
  const kafka::LibraryErrorPtr error(rd_kafka_produceva(handle_.get(), parts.data(), count));
  if (error) return false;
  [[maybe_unused]] const rd_kafka_headers_t* taken = message.headers.release();
  return true;
}

}  // namespace perigee
