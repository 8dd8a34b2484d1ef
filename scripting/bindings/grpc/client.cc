#include "scripting/bindings/grpc/client.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace perigee {

void GrpcClient::add_schema(std::shared_ptr<const protobuf::Schema> schema) {
  for (const auto& known : schemas_) {
    if (known == schema) return;
  }
  schemas_.push_back(std::move(schema));
}

void GrpcClient::connect(std::unique_ptr<grpc::Channel> own, const GrpcConnectParams& params) {
  own_ = std::move(own);
  channel_ = own_.get();
  set_server(params);
}

void GrpcClient::connect(grpc::Channel& shared, const GrpcConnectParams& params) {
  channel_ = &shared;
  set_server(params);
}

void GrpcClient::set_server(const GrpcConnectParams& params) {
  params_ = params;
  server_ = channel_->settings().server->host_header;
  for (auto& [name, method] : methods_)
    method.has_tags = false;
  health_.has_tags = false;
}

std::unique_ptr<grpc::Channel> GrpcClient::disconnect() {
  channel_ = nullptr;
  if (!own_) return nullptr;
  own_->close();
  traffic_ = take_traffic();
  told_ = {};
  return std::move(own_);
}

GrpcMethod& GrpcClient::method(std::string_view name) {
  const auto found = methods_.find(name);
  if (found != methods_.end()) return found->second;
  if (schemas_.empty()) {
    throw std::runtime_error(
        "no services are known: call client:load({ \"protos\" }, \"hello.proto\") in the script's "
        "main part, or client:connect(address, { reflect = true })");
  }
  return methods_.emplace(std::string(name), find_method(name)).first->second;
}

GrpcMethod GrpcClient::find_method(std::string_view name) const {
  for (size_t i = 0;; ++i) {
    try {
      const protobuf::MethodType& type = schemas_[i]->method(name);
      return {.type = &type, .schema = schemas_[i].get(), .path = type.path};
    } catch (const protobuf::SchemaError&) {
      if (i + 1 == schemas_.size()) throw;
    }
  }
}

http::Traffic GrpcClient::take_traffic() {
  http::Traffic traffic = std::exchange(traffic_, {});
  if (!own_) return traffic;
  const http::Traffic now = own_->traffic();
  const http::Traffic before = std::exchange(told_, now);
  return {traffic.sent + now.sent - before.sent, traffic.received + now.received - before.received};
}

}  // namespace perigee
