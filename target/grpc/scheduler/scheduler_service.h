// seldon.mlops.scheduler.Scheduler and seldon.mlops.proxy.SchedulerProxy over gRPC.
#pragma once

#include <string>
#include <string_view>

#include "engine/grpc/server/services.h"
#include "engine/loop/loop.h"
#include "target/grpc/call_pace.h"
#include "target/grpc/scheduler/status_feed.h"
#include "target/scheduler/scheduler.h"

namespace perigee {

// What all workers share.
struct SharedScheduler {
  SharedScheduler(const SchedulerOptions& options, InferenceRepository& repository)
      : feed(TimeOrigin::now()), scheduler(options, repository, feed) {}

  StatusFeed feed;
  Scheduler scheduler;
};

// One per worker, on its thread. Outlives the calls.
class SchedulerService {
 public:
  SchedulerService(Loop& loop, SharedScheduler& shared, CallPace& pace);

  void add_to(grpc::Services& services);

 private:
  using Write = void (SchedulerService::*)(const grpc::ServerCall& call, std::string_view message,
                                           std::string& response);
  using Stream = void (SchedulerService::*)(grpc::ServerCall& call, std::string_view message);
  void add(grpc::Services& services, std::string_view path, Write write);
  void add(grpc::Services& services, std::string_view path, Stream stream);

  void load_model(const grpc::ServerCall& call, std::string_view message, std::string& response);
  void unload_model(const grpc::ServerCall& call, std::string_view message, std::string& response);
  void load_by_proxy(const grpc::ServerCall& call, std::string_view message, std::string& response);
  void scheduler_status(const grpc::ServerCall& call, std::string_view message,
                        std::string& response);
  void unimplemented(const grpc::ServerCall& call, std::string_view message, std::string& response);

  void model_status(grpc::ServerCall& call, std::string_view message);
  void subscribe_models(grpc::ServerCall& call, std::string_view message);

  void look();

  Loop& loop_;
  StatusFeed& feed_;
  Scheduler& scheduler_;
  CallPace& pace_;
  Timer timer_;  // when something is due next in the scheduler
};

}  // namespace perigee
