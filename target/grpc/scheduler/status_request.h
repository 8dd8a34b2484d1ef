// What a request for a status asks for.
#pragma once

#include <string_view>

#include "target/grpc/read_fields.h"
#include "target/grpc/scheduler/scheduler_fields.h"

namespace perigee {

// All there is if it names nothing.
struct StatusRequest {
  std::string_view name;
  bool all_versions = false;
};

// Throws MalformedMessage.
inline StatusRequest read_status_request(std::string_view message) {
  StatusRequest request;
  read_fields(message, [&](protobuf::WireReader& reader) {
    if (reader.field() == scheduler_fields::kWanted) request.name = reader.bytes();
    if (reader.field() == scheduler_fields::kAllVersions) {
      request.all_versions = reader.varint() != 0;
    }
  });
  return request;
}

// Of models, whose names stand in a message of their own.
inline StatusRequest read_model_status_request(std::string_view message) {
  StatusRequest request = read_status_request(message);
  std::string_view name;
  read_fields(request.name, [&](protobuf::WireReader& reader) {
    if (reader.field() == scheduler_fields::kReferenceName) name = reader.bytes();
  });
  request.name = name;
  return request;
}

// Subscriptions ask for everything.
inline void read_subscription(std::string_view message) {
  read_fields(message, [](protobuf::WireReader& /*reader*/) {});
}

}  // namespace perigee
