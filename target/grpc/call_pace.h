// When calls are answered: what the target's latency, errors and stalls make of them.
#pragma once

#include "engine/grpc/server/method.h"
#include "engine/grpc/server/server_call.h"
#include "target/behaviour.h"
#include "target/grpc/refusal.h"

namespace perigee {

class CallPace {
 public:
  explicit CallPace(Behaviour& behaviour) : behaviour_(behaviour) {}

  // For calls that load the target. Throws CallRefusal for the share that is to fail.
  void admit() {
    if (!behaviour_.next_fails()) return;
    throw CallRefusal(grpc::Code::kUnavailable, "failed on purpose (--error-rate)");
  }
  // When the response to what came in at `at` goes out: of a call that loads the target, and of one
  // that controls it, which stays prompt.
  Instant loaded(Instant at) { return behaviour_.after_stall(at + behaviour_.next_latency()); }
  Instant prompt(Instant at) const { return behaviour_.after_stall(at); }

 private:
  Behaviour& behaviour_;
};

// A method that answers with one message, which `write` appends to a string; it may throw what
// `refusal_status` knows. `due` says when that goes out.
template <typename Due, typename Write>
auto answering(Due due, Write write) {
  return [due, write](grpc::ServerCall& call, std::string_view message) {
    try {
      std::string response;
      write(call, message, response);
      const Instant at = due(call);
      call.send(response, at);
      call.finish({}, at);
    } catch (const std::runtime_error&) {
      call.finish(refusal_status(), due(call));
    }
  };
}

}  // namespace perigee
