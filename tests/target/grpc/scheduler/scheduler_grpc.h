// Calls to the scheduler of a target, and what its statuses say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tests/target/grpc/grpc_fixture.h"

namespace perigee {

inline const std::string kScheduler = "/seldon.mlops.scheduler.Scheduler/";

// A message with this one in a field.
inline std::string in_field(uint32_t field, std::string_view message) {
  std::string out;
  protobuf::WireWriter(out).bytes_field(field, message);
  return out;
}
// A LoadModelRequest for an iris.
inline std::string load_request(std::string_view name, uint64_t memory = 0) {
  std::string specification =
      in_field(1, "gs://seldon-models/testing/iris1") + in_field(4, "sklearn");
  protobuf::WireWriter(specification).uint_field(5, memory);
  std::string deployment;
  protobuf::WireWriter(deployment).uint_field(1, 1);
  return in_field(
      1, in_field(1, in_field(1, name)) + in_field(2, specification) + in_field(3, deployment));
}
inline std::string unload_request(std::string_view name) {
  return in_field(1, in_field(1, name));
}
inline std::string model_status_request(std::string_view name) {
  return in_field(1, "test") + in_field(2, in_field(1, name));
}
// "iris-1 2 v1" of a ModelStatusResponse: the name, the state's number and the version.
inline std::string model_line(std::string_view response) {
  const std::string version = field_of(response, 2);
  return fmt::format("{} {} v{}", field_of(response, 1), number_of(field_of(version, 6), 1),
                     number_of(version, 2));
}

struct SchedulerGrpc : GrpcFixture {
  using GrpcFixture::GrpcFixture;

  GrpcAnswer schedule(const std::string& method, std::string_view message) {
    return call(kScheduler + method, message);
  }
  std::string model(std::string_view name) {
    return model_line(schedule("ModelStatus", model_status_request(name)).only());
  }
  // Begins a stream that stays.
  Http2Stream& subscribe(const std::string& method) {
    Http2Stream& stream = client.open(kScheduler + method);
    stream.send(GrpcClient::frame(in_field(1, "test")));
    stream.end();
    return stream;
  }
  // Lines of a stream of model statuses, once there are so many.
  std::vector<std::string> models_of(const Http2Stream& stream, size_t count) {
    client.await(stream, count);
    std::vector<std::string> lines;
    for (const std::string& message : GrpcClient::answer(stream).messages)
      lines.push_back(model_line(message));
    return lines;
  }
};

}  // namespace perigee
