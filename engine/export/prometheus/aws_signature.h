// Signatures of requests as Amazon's services check them: AWS Signature Version 4.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/clock.h"

namespace perigee::exports {

struct AwsKey {
  std::string region;
  std::string service;  // "aps" is Amazon's Prometheus, "s3" its storage
  std::string access_key;
  std::string secret_key;
};

struct AwsRequest {
  std::string_view method;
  std::string_view target;  // path and query as they are sent
  // Those that are signed, "Host" and "X-Amz-Date" among them.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;
  // In place of the body's: its SHA-256 in hexadecimal, or a word like "UNSIGNED-PAYLOAD".
  std::string_view body_hash{};
};

// "20150830T123600Z", as X-Amz-Date has it.
std::string aws_time(WallTime at);

// The value of the Authorization header; `time` is that of X-Amz-Date.
std::string aws_authorization(const AwsKey& key, const AwsRequest& request, std::string_view time);

}  // namespace perigee::exports
