// The .proto files of the target's services, as they lie in scenarios/protos.
#pragma once

#include <vector>

#include "engine/protobuf/proto_files.h"

namespace perigee {

std::vector<protobuf::EmbeddedProto> embedded_protos();

}  // namespace perigee
