#include "engine/grpc/server/services.h"

#include <algorithm>

#include "engine/grpc/server/server_call.h"

namespace perigee::grpc {
namespace {

// "/package.Service/" of "/package.Service/Method".
std::string_view service_of(std::string_view path) {
  return path.substr(0, path.find('/', 1) + 1);
}

}  // namespace

bool Services::is_call(const http::ServerRequest& request) {
  constexpr std::string_view kContentType = "application/grpc";
  if (request.method() != "POST") return false;
  const std::string_view type = request.field("content-type");
  if (!type.starts_with(kContentType)) return false;
  const std::string_view rest = type.substr(kContentType.size());
  return rest.empty() || rest.front() == '+' || rest.front() == ';';
}

bool Services::has_service(std::string_view path) const {
  const std::string_view service = service_of(path);
  return service.size() > 2 &&
         std::any_of(methods_.begin(), methods_.end(),
                     [service](const Method& method) { return method.path.starts_with(service); });
}

std::unique_ptr<http::DuplexEvents> Services::open(const http::ServerRequest& request,
                                                   http::DuplexStream& stream, Instant at) {
  return std::make_unique<ServerCall>(*this, request, stream, at);
}

size_t Services::find(std::string_view path) const {
  for (size_t i = 0; i < methods_.size(); ++i) {
    if (methods_[i].path == path) return i;
  }
  return kUnknownMethod;
}

}  // namespace perigee::grpc
