// What the gRPC module keeps for one VU: its clients.
#pragma once

#include <memory>
#include <vector>

#include "scripting/bindings/grpc/channels.h"
#include "scripting/bindings/grpc/client.h"
#include "scripting/lua_vu.h"

namespace perigee {

class GrpcVu final : public VuExtension {
 public:
  // The channels outlive it.
  explicit GrpcVu(GrpcChannels& channels) : channels_(channels) {}

  // Lives as long as the VU.
  GrpcClient& add(GrpcSharing sharing);
  void on_iteration_end(LuaVu& vu) override;

 private:
  GrpcChannels& channels_;
  std::vector<std::unique_ptr<GrpcClient>> clients_;
};

}  // namespace perigee
