// The methods of a gRPC server: what serves their calls.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace perigee::grpc {

class ServerCall;

// Serves one call in which either side may send any number of messages. The call owns it, and
// destroys it when it is over, however it ends.
class CallHandler {
 public:
  CallHandler() = default;
  virtual ~CallHandler() = default;
  CallHandler(const CallHandler&) = delete;
  CallHandler& operator=(const CallHandler&) = delete;

  // A message, unpacked; the view ends with the call.
  virtual void on_message(std::string_view /*message*/) {}
  // The client sends nothing more.
  virtual void on_half_close() {}
  // All that was sent has left.
  virtual void on_drained() {}
};

// Has one of the two functions. Both may send, finish, or keep the call to do so later.
struct Method {
  std::string_view path;  // "/package.Service/Method"
  // Takes the only message of a call. It may attach a handler, to send any number of messages.
  std::function<void(ServerCall& call, std::string_view message)> respond;
  // Makes what serves a call whose client sends any number of messages.
  std::function<std::unique_ptr<CallHandler>(ServerCall& call)> begin;
};

}  // namespace perigee::grpc
