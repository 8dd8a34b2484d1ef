#include "target/target_worker.h"

#include <algorithm>

#include <fmt/format.h>

#include "target/access_routes.h"
#include "target/reply/error_body.h"
#include "target/reply/request_coding.h"

namespace perigee {
namespace {

bool is_inference(RouteId id) {
  return id >= RouteId::kServerMetadata && id <= RouteId::kUnload;
}
bool is_access(RouteId id) {
  return id >= RouteId::kRouteList && id <= RouteId::kDigestAuth;
}
bool is_predict(RouteId id) {
  return id >= RouteId::kPredict && id <= RouteId::kPredictConfig;
}
bool is_completion(RouteId id) {
  return id >= RouteId::kCompletionModels && id <= RouteId::kCompletion;
}
bool is_stats(RouteId id) {
  return id == RouteId::kStats || id == RouteId::kStatsReset;
}

// Latency and errors are for what a load test loads; health and control stay prompt.
bool is_load(RouteId id) {
  return id == RouteId::kInfer || id == RouteId::kPredict || id == RouteId::kChatCompletion ||
         id == RouteId::kCompletion || (id >= RouteId::kStatus && id <= RouteId::kHang);
}

// What a route takes beside OPTIONS, which is answered for every route.
http::Reply method_not_allowed(const TargetRequest& request) {
  const std::string_view methods = route_methods(request.route().id);
  if (request.method() == "OPTIONS") {
    http::Reply response;
    response.status = 204;
    response.fields = fmt::format("Allow: {}, OPTIONS\r\n", methods);
    return response;
  }
  http::Reply response =
      error_for_path(request.path(), 405,
                     fmt::format("{} does not take {}; it takes {}", route_name(request.route().id),
                                 request.method(), methods),
                     {.param = {}, .code = "method_not_supported"});
  response.fields = fmt::format("Allow: {}\r\n", methods);
  return response;
}

// Names the URL as OpenAI does, so that its clients show what they have asked for.
http::Reply no_route(const TargetRequest& request) {
  return error_for_path(request.path(), 404, fmt::format("there is no route {}", request.path()),
                        {.param = {}, .code = "unknown_url"});
}

}  // namespace

TargetWorker::TargetWorker(const Options& options, InferenceRepository& repository,
                           SharedScheduler& scheduler, TargetStats& stats, Log& log)
    : stats_(stats),
      shard_(stats.shard(options.index)),
      behaviour_(options.behaviour, options.index, options.start),
      inference_(repository, options.behaviour.seed + options.index),
      predictions_(repository),
      completions_(options.completion, options.behaviour.seed + options.index,
                   stats.shard(options.index).tokens()),
      echoes_(loop_),
      grpc_(loop_, repository, scheduler, behaviour_, shard_),
      server_(loop_, options.server, *this, log) {
  if (!options.kafka) return;
  kafka_ = make_embedded_kafka(*options.kafka, {loop_, repository, behaviour_, shard_, log});
}

void TargetWorker::stop() {
  loop_.post([this] { loop_.stop(); });
}

std::unique_ptr<http::ServerObserver> TargetWorker::observe() {
  return std::make_unique<RequestCount>(shard_);
}

http::Reply TargetWorker::refuse(std::string_view path, int status, std::string_view message) {
  return error_for_path(path, status, message);
}

std::unique_ptr<http::DuplexEvents> TargetWorker::open(const http::ServerRequest& request,
                                                       http::DuplexStream& stream, Instant at) {
  if (static_cast<RouteId>(request.label) != RouteId::kGrpc) return nullptr;
  return grpc_.open(request, stream, at);
}

http::Reply TargetWorker::respond(http::ServerRequest& incoming, Instant at) {
  TargetRequest request(incoming);
  if (is_stats(request.route().id)) return stats(request);
  http::Reply reply = route(request, at);
  shape(request, at, reply);
  return reply;
}

http::Reply TargetWorker::route(TargetRequest& request, Instant at) {
  const RouteMatch& match = request.route();
  if (match.id == RouteId::kUnknown) {
    return grpc_.has_service(request.path()) ? not_grpc(request) : no_route(request);
  }
  if (!match.method_allowed) return method_not_allowed(request);
  if (is_load(match.id) && behaviour_.next_fails()) {
    return error_for_path(request.path(), 503, "failed on purpose (--error-rate)");
  }
  // OpenAI's API and that of TensorFlow Serving tell of their models at the same place.
  const bool predict = is_predict(match.id) || predictions_.has_status(request, at);
  const bool completion = is_completion(match.id) && !predict;
  if (match.id == RouteId::kWebSocketEcho && request.method() == "GET" && request.can_upgrade()) {
    return open_echo(echoes_, request.fields());
  }
  if (is_access(match.id)) return access_reply(request);
  // The routes for tests tell what has come as it came.
  if (!completion && !predict && !is_inference(match.id)) return tests_.reply(request, at);
  if (auto refusal = decode_request_body(request)) return *std::move(refusal);
  if (predict) return predictions_.reply(request, at);
  return completion ? completions_.reply(request, at) : inference_.reply(request, at);
}

http::Reply TargetWorker::stats(const TargetRequest& request) {
  const RouteMatch& match = request.route();
  if (!match.method_allowed) return method_not_allowed(request);
  if (match.id == RouteId::kStats && request.method() != "DELETE") {
    return json_reply(200, stats_.json(request.parameter("route")));
  }
  stats_.reset();
  return {};
}

void TargetWorker::shape(const TargetRequest& request, Instant at, http::Reply& reply) {
  Instant due = std::max(reply.due, at);
  if (is_load(request.route().id)) due += behaviour_.next_latency();
  reply.due = behaviour_.after_stall(due);
}

}  // namespace perigee
