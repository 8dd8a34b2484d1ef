#include "target/router.h"

#include <algorithm>
#include <charconv>

namespace perigee {
namespace {

constexpr size_t kMostSegments = 7;

struct Segments {
  std::array<std::string_view, kMostSegments> at{};
  size_t count = 0;  // kMostSegments + 1 if there are more
};

constexpr Segments split(std::string_view path) {
  Segments segments;
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  for (;;) {
    if (segments.count == kMostSegments) {
      ++segments.count;
      return segments;
    }
    const size_t slash = path.find('/');
    segments.at[segments.count++] = path.substr(0, slash);
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

constexpr std::string_view kGet = "GET, HEAD";
constexpr std::string_view kPost = "POST";
constexpr std::string_view kAny = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

struct Pattern {
  constexpr Pattern(RouteId route, std::string_view allowed, std::string_view pattern)
      : id(route), methods(allowed), text(pattern), segments(split(pattern)) {}

  RouteId id;
  std::string_view methods;
  std::string_view text;
  Segments segments;
};

// The first pattern of a route is its name. What is asked for most often comes first.
constexpr std::array kPatterns{
    Pattern{RouteId::kBytes, kAny, "/bytes/{n}"},
    Pattern{RouteId::kInfer, kPost, "/v2/models/{model}/infer"},
    Pattern{RouteId::kInfer, kPost, "/v2/models/{model}/versions/{version}/infer"},
    Pattern{RouteId::kModelReady, kGet, "/v2/models/{model}/ready"},
    Pattern{RouteId::kModelReady, kGet, "/v2/models/{model}/versions/{version}/ready"},
    Pattern{RouteId::kModelMetadata, kGet, "/v2/models/{model}"},
    Pattern{RouteId::kModelMetadata, kGet, "/v2/models/{model}/versions/{version}"},
    Pattern{RouteId::kServerMetadata, kGet, "/v2"},
    Pattern{RouteId::kLive, kGet, "/v2/health/live"},
    Pattern{RouteId::kReady, kGet, "/v2/health/ready"},
    Pattern{RouteId::kHealth, kGet, "/health"},
    Pattern{RouteId::kIndex, kPost, "/v2/repository/index"},
    Pattern{RouteId::kLoad, kPost, "/v2/repository/models/{model}/load"},
    Pattern{RouteId::kUnload, kPost, "/v2/repository/models/{model}/unload"},
    Pattern{RouteId::kPredict, kPost, "/v1/models/{model}:predict"},
    Pattern{RouteId::kPredict, kPost, "/v1/models/{model}/versions/{version}:predict"},
    Pattern{RouteId::kPredictMetadata, kGet, "/v1/models/{model}/metadata"},
    Pattern{RouteId::kPredictMetadata, kGet, "/v1/models/{model}/versions/{version}/metadata"},
    Pattern{RouteId::kPredictStatus, kGet, "/v1/models/{model}/versions/{version}"},
    Pattern{RouteId::kPredictConfig, kGet, "/v1/config"},
    Pattern{RouteId::kChatCompletion, kPost, "/v1/chat/completions"},
    Pattern{RouteId::kCompletion, kPost, "/v1/completions"},
    Pattern{RouteId::kCompletionModels, kGet, "/v1/models"},
    Pattern{RouteId::kCompletionModel, kGet, "/v1/models/{model}"},
    Pattern{RouteId::kCompletionModel, kGet, "/v1/models/{owner}/{model}"},
    Pattern{RouteId::kRouteList, kGet, "/"},
    Pattern{RouteId::kCookies, kAny, "/cookies"},
    Pattern{RouteId::kSetCookie, kAny, "/cookies/set/{name}/{value}"},
    Pattern{RouteId::kBasicAuth, kAny, "/basic-auth/{user}/{password}"},
    Pattern{RouteId::kDigestAuth, kAny, "/digest-auth/{user}/{password}"},
    Pattern{RouteId::kStatus, kAny, "/status/{code}"},
    Pattern{RouteId::kDelay, kAny, "/delay/{ms}"},
    Pattern{RouteId::kDelayBytes, kAny, "/delay/{ms}/bytes/{n}"},
    Pattern{RouteId::kEcho, kAny, "/echo"},
    Pattern{RouteId::kWebSocketEcho, "GET", "/ws/echo"},
    Pattern{RouteId::kRedirect, kAny, "/redirect/{n}"},
    Pattern{RouteId::kClose, kAny, "/close"},
    Pattern{RouteId::kCloseSilently, kAny, "/close/silently"},
    Pattern{RouteId::kReset, kAny, "/reset"},
    Pattern{RouteId::kHalf, kAny, "/half/{n}"},
    Pattern{RouteId::kGarbage, kAny, "/garbage"},
    Pattern{RouteId::kHang, kAny, "/hang"},
    Pattern{RouteId::kTrailers, kAny, "/trailers"},
    Pattern{RouteId::kStats, "GET, HEAD, DELETE", "/stats"},
    Pattern{RouteId::kStatsReset, kPost, "/stats/reset"},
};

constexpr bool is_argument(std::string_view segment) {
  return !segment.empty() && segment.front() == '{';
}

constexpr std::string_view behind_argument(std::string_view segment) {
  return segment.substr(segment.find('}') + 1);
}

bool fits(const Segments& path, const Segments& pattern, RouteMatch& match) {
  if (path.count != pattern.count) return false;
  size_t arguments = 0;
  for (size_t i = 0; i < pattern.count; ++i) {
    if (!is_argument(pattern.at[i])) {
      if (path.at[i] != pattern.at[i]) return false;
    } else {
      std::string_view value = path.at[i];
      const std::string_view rest = behind_argument(pattern.at[i]);
      if (value.size() <= rest.size() || !value.ends_with(rest)) return false;
      value.remove_suffix(rest.size());
      match.arguments[arguments++] = value;
    }
  }
  return true;
}

// `methods` is a list of words separated by ", ".
bool lists(std::string_view methods, std::string_view method) {
  for (size_t at = methods.find(method); at != std::string_view::npos;
       at = methods.find(method, at + 1)) {
    const size_t end = at + method.size();
    if ((at == 0 || methods[at - 1] == ' ') && (end == methods.size() || methods[end] == ',')) {
      return true;
    }
  }
  return false;
}

const Pattern* first_pattern(RouteId id) {
  for (const Pattern& pattern : kPatterns) {
    if (pattern.id == id) return &pattern;
  }
  return nullptr;
}

}  // namespace

RouteMatch match_route(std::string_view method, std::string_view path) {
  const Segments segments = split(path);
  for (const Pattern& pattern : kPatterns) {
    RouteMatch match;
    if (!fits(segments, pattern.segments, match)) continue;
    match.id = pattern.id;
    match.method_allowed = lists(pattern.methods, method);
    return match;
  }
  return {};
}

std::string_view route_name(RouteId id) {
  if (id == RouteId::kGrpc) return "grpc";
  const Pattern* pattern = first_pattern(id);
  return pattern == nullptr ? "other" : pattern->text;
}

std::string_view route_methods(RouteId id) {
  const Pattern* pattern = first_pattern(id);
  return pattern == nullptr ? "" : pattern->methods;
}

std::vector<RouteLine> route_lines() {
  std::vector<RouteLine> lines;
  for (const Pattern& pattern : kPatterns)
    lines.push_back({pattern.text, pattern.methods});
  std::sort(lines.begin(), lines.end(),
            [](const RouteLine& a, const RouteLine& b) { return a.pattern < b.pattern; });
  return lines;
}

std::optional<uint64_t> parse_number(std::string_view text) {
  uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return value;
}

}  // namespace perigee
