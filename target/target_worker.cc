#include "target/target_worker.h"

#include <algorithm>

#include <fmt/format.h>

#include "target/answer/error_body.h"
#include "target/answer/request_coding.h"

namespace perigee {
namespace {

bool is_inference(RouteId id) {
  return id >= RouteId::kServerMetadata && id <= RouteId::kUnload;
}
bool is_completion(RouteId id) {
  return id >= RouteId::kCompletionModels && id <= RouteId::kCompletion;
}
bool is_stats(RouteId id) {
  return id == RouteId::kStats || id == RouteId::kStatsReset;
}

// Latency and errors are for what a load test loads; health and control stay prompt.
bool is_load(RouteId id) {
  return id == RouteId::kInfer || id == RouteId::kChatCompletion || id == RouteId::kCompletion ||
         (id >= RouteId::kStatus && id <= RouteId::kHang);
}

// What a route takes beside OPTIONS, which is answered for every route.
Answer method_not_allowed(const TargetRequest& request) {
  const std::string_view methods = route_methods(request.route().id);
  if (request.method() == "OPTIONS") {
    Answer response;
    response.status = 204;
    response.fields = fmt::format("Allow: {}, OPTIONS\r\n", methods);
    return response;
  }
  Answer response =
      error_for_path(request.path(), 405,
                     fmt::format("{} does not take {}; it takes {}", route_name(request.route().id),
                                 request.method(), methods),
                     {.param = {}, .code = "method_not_supported"});
  response.fields = fmt::format("Allow: {}\r\n", methods);
  return response;
}

// Names the URL as OpenAI does, so that its clients show what they have asked for.
Answer no_route(const TargetRequest& request) {
  return error_for_path(request.path(), 404, fmt::format("there is no route {}", request.path()),
                        {.param = {}, .code = "unknown_url"});
}

}  // namespace

TargetWorker::TargetWorker(const Options& options, InferenceRepository& repository,
                           TargetStats& stats, Log& log)
    : stats_(stats),
      behaviour_(options.behaviour, options.index, options.start),
      inference_(repository, options.behaviour.seed + options.index),
      completions_(options.completion, options.behaviour.seed + options.index,
                   stats.shard(options.index).tokens()),
      server_(loop_, options.server, stats.shard(options.index), log,
              [this](TargetRequest& request, Instant at) { return answer(request, at); }) {}

void TargetWorker::stop() {
  loop_.post([this] { loop_.stop(); });
}

Answer TargetWorker::answer(TargetRequest& request, Instant at) {
  if (is_stats(request.route().id)) return stats(request);
  Answer answer = route(request, at);
  shape(request, at, answer);
  return answer;
}

Answer TargetWorker::route(TargetRequest& request, Instant at) {
  const RouteMatch& match = request.route();
  if (match.id == RouteId::kUnknown) return no_route(request);
  if (!match.method_allowed) return method_not_allowed(request);
  if (is_load(match.id) && behaviour_.next_fails()) {
    return error_for_path(request.path(), 503, "failed on purpose (--error-rate)");
  }
  const bool completion = is_completion(match.id);
  // The routes for tests tell what has come as it came.
  if (!completion && !is_inference(match.id)) return tests_.answer(request, at);
  if (auto refusal = decode_request_body(request)) return *std::move(refusal);
  return completion ? completions_.answer(request, at) : inference_.answer(request, at);
}

Answer TargetWorker::stats(const TargetRequest& request) {
  const RouteMatch& match = request.route();
  if (!match.method_allowed) return method_not_allowed(request);
  if (match.id == RouteId::kStats && request.method() != "DELETE") {
    return json_answer(200, stats_.json(request.parameter("route")));
  }
  stats_.reset();
  return {};
}

void TargetWorker::shape(const TargetRequest& request, Instant at, Answer& answer) {
  Instant due = std::max(answer.due, at);
  if (is_load(request.route().id)) due += behaviour_.next_latency();
  answer.due = behaviour_.after_stall(due);
}

}  // namespace perigee
