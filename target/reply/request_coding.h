// The codings that clients compress the bodies of their requests with.
#pragma once

#include <optional>

#include "target/json_reply.h"
#include "target/target_request.h"

namespace perigee {

// Unpacks the body of a request in place, as its Content-Encoding header says: gzip and deflate, at
// most `limits::kRequestBody` bytes after each of them. Returns the error that refuses the request
// if it can't: 415 names the codings that are accepted, 400 says what is wrong with the data, 413
// that it is too much.
std::optional<http::Reply> decode_request_body(TargetRequest& request);

}  // namespace perigee
