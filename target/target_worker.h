// One worker of the target: a loop, its server, and what answers the requests.
#pragma once

#include "target/behaviour.h"
#include "target/completion_routes.h"
#include "target/inference_routes.h"
#include "target/server.h"
#include "target/test_routes.h"

namespace perigee {

// Made on any thread; then `run` belongs to the worker's own.
class TargetWorker {
 public:
  struct Options {
    TargetServer::Options server;
    size_t index = 0;
    BehaviourOptions behaviour;
    CompletionOptions completion;
    Instant start{};  // stalls are counted from here, by all workers alike
  };

  // Listens from here on; throws std::runtime_error if it can't.
  TargetWorker(const Options& options, InferenceRepository& repository, TargetStats& stats,
               Log& log);

  const Address& address() const { return server_.address(); }

  // Serves until `stop`, which may be called from any thread.
  void run() { loop_.run(); }
  void stop();

 private:
  Answer answer(TargetRequest& request, Instant at);
  Answer route(TargetRequest& request, Instant at);
  Answer stats(const TargetRequest& request);
  void shape(const TargetRequest& request, Instant at, Answer& answer);

  TargetStats& stats_;
  Behaviour behaviour_;
  InferenceRoutes inference_;
  CompletionRoutes completions_;
  TestRoutes tests_;
  Loop loop_;
  TargetServer server_;
};

}  // namespace perigee
