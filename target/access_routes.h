// The routes on which the examples of the documents run: a list of all routes, cookies, and
// requests that need a user and a password.
#pragma once

#include "target/json_reply.h"
#include "target/target_request.h"

namespace perigee {

// The request's route must be one of kRouteList to kDigestAuth.
http::Reply access_reply(const TargetRequest& request);

}  // namespace perigee
