// A request of a script in flight: what the script wrote, and the call that sends it.
#pragma once

#include <string>

#include <fmt/format.h>

#include "engine/http/call.h"
#include "scripting/bindings/http/request_spec.h"

namespace perigee {

// Kept for the next request when it is over: a request allocates nothing of its own.
struct RequestInFlight {
  RequestInFlight(http::CallContext& context, http::CallEvents& events) : call(context, events) {}

  // What the log and scripts are told of a failed request.
  std::string failure() {
    return fmt::format("{} {}: {}", call.method(), call.url().text,
                       call.response().outcome.error.text);
  }

  RequestSpec spec;
  http::Call call;
};

}  // namespace perigee
