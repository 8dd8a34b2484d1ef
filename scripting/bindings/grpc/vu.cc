#include "scripting/bindings/grpc/vu.h"

#include <utility>

namespace perigee {

GrpcClient& GrpcVu::add(GrpcSharing sharing) {
  clients_.push_back(std::make_unique<GrpcClient>(std::move(sharing)));
  return *clients_.back();
}

// What went over shared connections is told by whoever comes first.
void GrpcVu::on_iteration_end(LuaVu& vu) {
  http::Traffic all = channels_.take_shared_traffic();
  for (const auto& client : clients_) {
    const http::Traffic own = client->take_traffic();
    all.sent += own.sent;
    all.received += own.received;
  }
  vu.add_traffic(all.sent, all.received);
}

}  // namespace perigee
