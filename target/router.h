// Which route of the target a request is for: one pass over its path, no allocation.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perigee {

enum class RouteId : uint8_t {
  kUnknown,
  kServerMetadata,
  kLive,
  kReady,
  kHealth,
  kModelMetadata,
  kModelReady,
  kInfer,
  kIndex,
  kLoad,
  kUnload,
  kPredict,
  kPredictStatus,
  kPredictMetadata,
  kPredictConfig,
  kCompletionModels,
  kCompletionModel,
  kChatCompletion,
  kCompletion,
  kRouteList,
  kCookies,
  kSetCookie,
  kBasicAuth,
  kDigestAuth,
  kStatus,
  kBytes,
  kDelay,
  kDelayBytes,
  kEcho,
  kWebSocketEcho,
  kRedirect,
  kClose,
  kCloseSilently,
  kReset,
  kHalf,
  kGarbage,
  kTrailers,
  kHang,
  kGrpc,  // any call of gRPC, whatever its path
  kStats,
  kStatsReset,
};

inline constexpr size_t kRouteCount = static_cast<size_t>(RouteId::kStatsReset) + 1;

struct RouteMatch {
  RouteId id = RouteId::kUnknown;
  bool method_allowed = true;
  // What the request has in place of the pattern's {...}, in order; still percent-encoded. A
  // pattern's segment may go on behind it: "{model}:predict".
  std::array<std::string_view, 2> arguments{};
};

RouteMatch match_route(std::string_view method, std::string_view path);

// The route's pattern, e.g. "/bytes/{n}"; "grpc", and "other" for kUnknown.
std::string_view route_name(RouteId id);

// The methods a route takes: "GET, HEAD".
std::string_view route_methods(RouteId id);

// A pattern, and the methods it takes: "GET, HEAD".
struct RouteLine {
  std::string_view pattern;
  std::string_view methods;
};

// All patterns in the order of their texts.
std::vector<RouteLine> route_lines();

// A whole number that reaches to the end of `text`, or nothing.
std::optional<uint64_t> parse_number(std::string_view text);

}  // namespace perigee
