#include "target/request_count.h"

#include <utility>

#include "engine/grpc/server/services.h"

namespace perigee {
namespace {

bool counts(const http::ServerRequest* request) {
  if (request == nullptr) return true;
  const auto route = static_cast<RouteId>(request->label);
  return route != RouteId::kStats && route != RouteId::kStatsReset;
}

}  // namespace

void RequestCount::on_request(http::ServerRequest& request, Instant at) {
  RouteId route = match_route(request.method(), request.path()).id;
  if (route == RouteId::kUnknown && grpc::Services::is_call(request)) route = RouteId::kGrpc;
  request.label = static_cast<uint32_t>(route);
  if (!counts(&request)) return;
  count_connection();
  stats_.arrived(route, at);
}

void RequestCount::on_malformed() {
  count_connection();
  stats_.malformed();
}

void RequestCount::on_received(const http::ServerRequest* request, size_t bytes) {
  if (counts(request)) stats_.received(bytes);
}

void RequestCount::on_sent(const http::ServerRequest* request, size_t bytes) {
  if (counts(request)) stats_.sent(bytes);
}

void RequestCount::on_replied(const http::ServerRequest& request, int status) {
  if (counts(&request)) stats_.answered(status);
}

void RequestCount::count_connection() {
  if (!std::exchange(any_, true)) stats_.connection();
}

}  // namespace perigee
