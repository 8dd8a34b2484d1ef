// grpc.reflection: what the target serves, told to clients that have no .proto files.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/grpc/server/services.h"
#include "engine/protobuf/schema.h"

namespace perigee {

// One per worker, on its thread. Outlives the calls.
class ReflectionService {
 public:
  void add_to(grpc::Services& services);

  // Appends the ServerReflectionResponse to a ServerReflectionRequest. Throws MalformedMessage.
  void respond(std::string_view message, std::string& response);

 private:
  // Made when it is first asked for.
  const protobuf::Schema& schema();

  std::shared_ptr<const protobuf::Schema> schema_;
};

}  // namespace perigee
