// One request to the target, with the route that it is for.
#pragma once

#include <string>
#include <string_view>

#include "engine/http/server/request.h"
#include "target/router.h"

namespace perigee {

// Lives as long as the server's request.
class TargetRequest {
 public:
  explicit TargetRequest(http::ServerRequest& request)
      : body(request.body),
        request_(request),
        route_(match_route(request.method(), request.path())) {}

  std::string_view method() const { return request_.method(); }
  std::string_view path() const { return request_.path(); }
  std::string_view query() const { return request_.query(); }
  std::string_view fields() const { return request_.fields(); }
  std::string_view field(std::string_view name) const { return request_.field(name); }
  std::string field_list(std::string_view name) const { return request_.field_list(name); }
  bool has_field(std::string_view name) const { return request_.has_field(name); }
  std::string parameter(std::string_view name) const { return request_.parameter(name); }
  bool can_upgrade() const { return request_.can_upgrade(); }
  const RouteMatch& route() const { return route_; }
  const http::ServerRequest& whole() const { return request_; }

  std::string& body;

 private:
  http::ServerRequest& request_;
  RouteMatch route_;
};

}  // namespace perigee
