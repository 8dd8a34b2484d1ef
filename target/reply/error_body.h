// Errors in the form of the API that was asked: OpenAI's error object under /v1, elsewhere
// {"error": "..."} as the Open Inference Protocol has it.
#pragma once

#include <string_view>

#include "target/json_reply.h"

namespace perigee {

// What OpenAI's error object says beside the message. An empty member is null there.
struct ErrorDetails {
  std::string_view param;  // the field of the request that is wrong
  std::string_view code;   // what programs tell errors apart by
};

// {"error":{"message":"...","type":"invalid_request_error","param":null,"code":null}}
http::Reply openai_error(int status, std::string_view message, const ErrorDetails& details = {});

// The form that belongs to the path of the request.
http::Reply error_for_path(std::string_view path, int status, std::string_view message,
                           const ErrorDetails& details = {});

}  // namespace perigee
