// One worker of the target: a loop, its server, and what answers the requests.
#pragma once

#include <memory>
#include <optional>

#include "engine/http/server/server.h"
#include "engine/loop/loop.h"
#include "target/behaviour.h"
#include "target/completion_routes.h"
#include "target/grpc/grpc_services.h"
#include "target/inference_routes.h"
#include "target/kafka/embedded_kafka.h"
#include "target/request_count.h"
#include "target/target_request.h"
#include "target/tensorflow/predict_routes.h"
#include "target/test_routes.h"
#include "target/websocket_echo.h"

namespace perigee {

// Made on any thread; then `run` belongs to the worker's own.
class TargetWorker final : private http::ServerHandler {
 public:
  struct Options {
    http::Server::Options server;
    size_t index = 0;
    BehaviourOptions behaviour;
    CompletionOptions completion;
    Instant start{};  // stalls are counted from here, by all workers alike
    std::optional<KafkaOptions> kafka{};
  };

  // Listens from here on; throws std::runtime_error if it can't.
  TargetWorker(const Options& options, InferenceRepository& repository, SharedScheduler& scheduler,
               TargetStats& stats, Log& log);

  const Address& address() const { return server_.address(); }
  // The broker of this worker; null if it has none.
  const EmbeddedKafka* kafka() const { return kafka_.get(); }

  // Serves until `stop`, which may be called from any thread.
  void run() { loop_.run(); }
  void stop();

 private:
  std::unique_ptr<http::DuplexEvents> open(const http::ServerRequest& request,
                                           http::DuplexStream& stream, Instant at) override;
  http::Reply respond(http::ServerRequest& incoming, Instant at) override;
  http::Reply refuse(std::string_view path, int status, std::string_view message) override;
  std::unique_ptr<http::ServerObserver> observe() override;

  http::Reply route(TargetRequest& request, Instant at);
  http::Reply stats(const TargetRequest& request);
  void shape(const TargetRequest& request, Instant at, http::Reply& reply);

  TargetStats& stats_;
  StatsShard& shard_;
  Behaviour behaviour_;
  InferenceRoutes inference_;
  PredictRoutes predictions_;
  CompletionRoutes completions_;
  TestRoutes tests_;
  Loop loop_;
  EchoContext echoes_;
  GrpcServices grpc_;
  http::Server server_;
  std::unique_ptr<EmbeddedKafka> kafka_;
};

}  // namespace perigee
