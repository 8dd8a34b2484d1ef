#include "target/grpc/grpc_services.h"

#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/base/limits.h"

namespace perigee {

GrpcServices::GrpcServices(Loop& loop, InferenceRepository& repository, SharedScheduler& scheduler,
                           Behaviour& behaviour, StatsShard& stats)
    : stats_(stats),
      pace_(behaviour),
      inference_(repository, pace_),
      models_(repository, pace_),
      tests_(pace_),
      health_(repository, pace_),
      scheduler_(loop, scheduler, pace_),
      predictions_(repository, pace_),
      services_(loop, *this, limits::kRequestBody) {
  inference_.add_to(services_);
  models_.add_to(services_);
  tests_.add_to(services_);
  health_.add_to(services_);
  reflection_.add_to(services_);
  scheduler_.add_to(services_);
  predictions_.add_to(services_);
  PERIGEE_CHECK(services_.size() == kGrpcMethods.size());
  for (size_t i = 0; i < services_.size(); ++i)
    PERIGEE_CHECK(services_.method(i).path == kGrpcMethods[i]);
}

http::Reply not_grpc(const TargetRequest& request) {
  if (grpc::Services::is_call(request.whole())) return error_reply(505, "gRPC needs HTTP/2");
  http::Reply reply =
      error_reply(415, fmt::format("\"{}\" is not application/grpc, which a call of {} has",
                                   request.field("content-type"), request.path()));
  reply.fields = "Grpc-Status: 3\r\n";
  return reply;
}

}  // namespace perigee
