// All that the target serves over gRPC.
#pragma once

#include <memory>
#include <string_view>

#include "engine/grpc/server/services.h"
#include "target/grpc/call_pace.h"
#include "target/grpc/health_service.h"
#include "target/grpc/inference_service.h"
#include "target/grpc/model_service.h"
#include "target/grpc/prediction_service.h"
#include "target/grpc/reflection_service.h"
#include "target/grpc/scheduler/scheduler_service.h"
#include "target/grpc/test_service.h"
#include "target/json_reply.h"
#include "target/target_request.h"
#include "target/target_stats.h"

namespace perigee {

// One per worker, on its thread. Outlives the calls.
class GrpcServices final : private grpc::CallObserver {
 public:
  GrpcServices(Loop& loop, InferenceRepository& repository, SharedScheduler& scheduler,
               Behaviour& behaviour, StatsShard& stats);

  // Takes a call over HTTP/2.
  std::unique_ptr<http::DuplexEvents> open(const http::ServerRequest& request,
                                           http::DuplexStream& stream, Instant at) {
    return services_.open(request, stream, at);
  }
  // The path is that of a service, so a request that is no call to it needs an answer of its own.
  bool has_service(std::string_view path) const { return services_.has_service(path); }

 private:
  void on_call(size_t method) override { stats_.calls().arrived(method); }
  void on_message_received() override { stats_.calls().message_received(); }
  void on_message_sent() override { stats_.calls().message_sent(); }
  void on_finished(grpc::Code code) override { stats_.calls().answered(code); }
  void on_dropped() override { stats_.calls().dropped(); }

  StatsShard& stats_;
  CallPace pace_;
  InferenceService inference_;
  ModelService models_;
  TestService tests_;
  HealthService health_;
  ReflectionService reflection_;
  SchedulerService scheduler_;
  PredictionService predictions_;
  grpc::Services services_;
};

// The reply to a request for a gRPC service that is no call over HTTP/2.
http::Reply not_grpc(const TargetRequest& request);

}  // namespace perigee
