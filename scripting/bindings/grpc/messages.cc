#include "scripting/bindings/grpc/messages.h"

#include <algorithm>
#include <utility>

namespace perigee {

void GrpcMessages::keep(std::shared_ptr<const protobuf::Schema> schema) {
  if (std::find(kept_.begin(), kept_.end(), schema) == kept_.end()) {
    kept_.push_back(std::move(schema));
  }
}

}  // namespace perigee
