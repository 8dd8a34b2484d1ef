// The services of a gRPC server on one loop: finds the method that a request calls.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/grpc/server/call_observer.h"
#include "engine/grpc/server/method.h"
#include "engine/http/server/duplex.h"
#include "engine/http/server/request.h"
#include "engine/loop/loop.h"

namespace perigee::grpc {

// Thread: the loop's. Outlives the calls.
class Services {
 public:
  // Messages of more than `max_message` bytes are refused, packed or unpacked.
  Services(Loop& loop, CallObserver& observer, size_t max_message)
      : loop_(loop), observer_(observer), max_message_(max_message) {}

  // What is called most often is best added first. Only before the first call.
  void add(Method method) { methods_.push_back(std::move(method)); }

  // Whether the request is a call, by its content type; over HTTP/2 only it can be served.
  static bool is_call(const http::ServerRequest& request);
  // Whether the path belongs to one of the services, though perhaps not to a method.
  bool has_service(std::string_view path) const;

  // Serves a call, as http::ServerHandler::open does.
  std::unique_ptr<http::DuplexEvents> open(const http::ServerRequest& request,
                                           http::DuplexStream& stream, Instant at);

  // For the calls.
  size_t find(std::string_view path) const;
  size_t size() const { return methods_.size(); }
  const Method& method(size_t index) const { return methods_[index]; }
  Loop& loop() { return loop_; }
  CallObserver& observer() { return observer_; }
  size_t max_message() const { return max_message_; }

 private:
  Loop& loop_;
  CallObserver& observer_;
  const size_t max_message_;
  std::vector<Method> methods_;
};

}  // namespace perigee::grpc
