#include "engine/http/redirect.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "engine/http/header_fields.h"
#include "engine/http/url_reference.h"

namespace perigee::http {
namespace {

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return same_ignoring_case(one, name); });
}

// The first host itself and the hosts below it may see what was meant for it.
bool trusted(const Url& first, const Url& next) {
  const std::string host = to_lower(std::string_view(next.host));
  const std::string known = to_lower(std::string_view(first.host));
  return host == known || (host.size() > known.size() && host.ends_with(known) &&
                           host[host.size() - known.size() - 1] == '.');
}

// Where the request came from, without its credentials; a secret page is not named to an open one.
std::string referer(const Url& from, const Url& next) {
  if (from.tls && !next.tls) return {};
  return fmt::format("{}://{}{}", from.tls ? "https" : "http", from.host_header, from.target);
}

}  // namespace

bool is_secret_header(std::string_view name) {
  constexpr std::array<std::string_view, 6> kSecret{
      "authorization", "www-authenticate",    "cookie",
      "cookie2",       "proxy-authorization", "proxy-authenticate"};
  return contains(kSecret, name);
}

bool is_body_header(std::string_view name) {
  constexpr std::array<std::string_view, 4> kBody{"content-encoding", "content-language",
                                                  "content-location", "content-type"};
  return contains(kBody, name);
}

std::optional<Redirect> redirect_after(const RedirectAnswer& answer, std::string_view method,
                                       const Url& from, const Url& first) {
  const bool keeps_method = answer.status == 307 || answer.status == 308;
  const bool moves = answer.status == 301 || answer.status == 302 || answer.status == 303;
  if ((!keeps_method && !moves) || answer.location.empty()) return std::nullopt;

  Redirect next;
  std::string reason;
  auto url = resolve_reference(from, answer.location, reason);
  if (!url) {
    next.error = fmt::format("failed to parse Location header \"{}\": {}", answer.location, reason);
    return next;
  }
  const bool safe = method == "GET" || method == "HEAD";
  next.method = keeps_method || safe ? method : "GET";
  next.keeps_body = keeps_method;
  next.keeps_secrets = trusted(first, *url);
  next.keeps_host_header = !names_host(answer.location);
  next.referer = referer(from, *url);
  next.url = std::make_shared<const Url>(std::move(*url));
  return next;
}

}  // namespace perigee::http
