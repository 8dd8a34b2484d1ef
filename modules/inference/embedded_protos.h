// The .proto files of inference servers' APIs, as they lie in scenarios/protos.
#pragma once

#include <vector>

#include "engine/protobuf/proto_files.h"

namespace perigee {

std::vector<protobuf::EmbeddedProto> inference_protos();

}  // namespace perigee
