#include "target/grpc/scheduler/server_messages.h"

#include "engine/protobuf/wire_writer.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/scheduler/scheduler_fields.h"

namespace perigee {
namespace {

using namespace scheduler_fields;
using protobuf::WireReader;
using protobuf::WireWriter;

void write_replica(WireWriter& writer, uint32_t index, const Servers& servers,
                   const ModelServer& server) {
  // Models lie on the first replicas and, where there are more, on the next.
  const uint32_t models = server.model_replicas / server.replicas +
                          (index < server.model_replicas % server.replicas ? 1 : 0);
  const auto replica = writer.begin(kResources);
  writer.uint_field(kReplicaIndex, index);
  writer.uint_field(kTotalMemory, servers.memory_of_replica());
  writer.uint_field(kAvailableMemory, servers.free_memory_of_replica());
  writer.uint_field(kLoadedModels, models);
  writer.end(replica);
}

}  // namespace

ServerNotice read_server_notice(std::string_view message) {
  ServerNotice notice;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kNoticeName) notice.name = reader.bytes();
    if (reader.field() == kNoticeReplicas) {
      notice.replicas = static_cast<uint32_t>(reader.varint());
    }
  });
  return notice;
}

void write_server_status(std::string& out, const Servers& servers, const ModelServer& server) {
  WireWriter writer(out);
  writer.bytes_field(kStatusServerName, server.name);
  for (uint32_t i = 0; i < server.replicas; ++i)
    write_replica(writer, i, servers, server);
  writer.uint_field(kExpectedReplicas, server.expected);
  writer.uint_field(kServerReplicas, server.replicas);
  writer.uint_field(kLoadedModelReplicas, server.model_replicas);
}

}  // namespace perigee
