#include "engine/http/cookie_jar.h"

#include <algorithm>
#include <utility>

#include "engine/base/limits.h"
#include "engine/http/header_fields.h"
#include "engine/net/address.h"

namespace perigee::http {
namespace {

std::string_view path_of(const Url& url) {
  return std::string_view(url.target).substr(0, url.target.find('?'));
}

// The folder of the request's path: "/a/b" gives "/a".
std::string_view default_path(const Url& url) {
  const std::string_view path = path_of(url);
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? "/" : path.substr(0, slash);
}

bool path_matches(std::string_view request, std::string_view cookie) {
  if (!request.starts_with(cookie)) return false;
  return request.size() == cookie.size() || cookie.ends_with('/') || request[cookie.size()] == '/';
}

bool is_subdomain(std::string_view host, std::string_view domain) {
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

// Nobody listens in on the way to this machine itself: its secure cookies go over plain
// connections, too, as in browsers, curl and Go's client.
bool is_own_machine(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  const auto address = Address::parse(host, 0);
  return address && address->loopback();
}

// Whether `host` may set a cookie for all hosts of `domain`. A single label would be a cookie for
// everybody.
bool may_share(const std::string& host, const std::string& domain) {
  return domain.find('.') != std::string::npos && !domain.ends_with('.') &&
         is_subdomain(host, domain) && !Address::parse(host, 0);
}

// Max-Age wins over Expires; with neither, the cookie lives as long as the jar.
WallTime expiry(const SetCookie& cookie, WallTime now) {
  if (cookie.max_age && *cookie.max_age <= 0) return WallTime::min();
  if (cookie.max_age) return now + std::chrono::seconds(*cookie.max_age);
  return cookie.expires.value_or(WallTime::max());
}

}  // namespace

bool CookieJar::Cookie::matches(const Url& url, std::string_view host) const {
  if (secure && !url.tls && !is_own_machine(host)) return false;
  if (host != domain && (host_only || !is_subdomain(host, domain))) return false;
  return path_matches(path_of(url), path);
}

bool CookieJar::set(const Url& url, const SetCookie& cookie, WallTime now) {
  const std::string host = to_lower(std::string_view(url.host));
  std::string domain = to_lower(std::string_view(cookie.domain));
  if (domain.starts_with('.')) domain.erase(0, 1);
  if (!domain.empty() && domain != host && !may_share(host, domain)) return false;

  // Named or not, a single label and an address are hosts of their own.
  const bool alone = domain.find('.') == std::string::npos || Address::parse(host, 0).has_value();
  Cookie kept{.name = cookie.name,
              .value = cookie.value,
              .domain = domain.empty() ? host : domain,
              .path = std::string(cookie.path.starts_with('/') ? std::string_view(cookie.path)
                                                               : default_path(url)),
              .expires = expiry(cookie, now),
              .host_only = alone,
              .secure = cookie.secure};
  const auto same = std::find_if(cookies_.begin(), cookies_.end(), [&](const Cookie& other) {
    return other.name == kept.name && other.domain == kept.domain && other.path == kept.path;
  });
  if (kept.expired(now)) {
    if (same != cookies_.end()) cookies_.erase(same);
  } else if (same != cookies_.end()) {
    *same = std::move(kept);  // it keeps its age
  } else {
    if (cookies_.size() == limits::kCookies) cookies_.erase(cookies_.begin());
    cookies_.push_back(std::move(kept));
  }
  return true;
}

void CookieJar::update(const Url& url, std::string_view fields, WallTime now) {
  for (const SetCookie& cookie : read_set_cookies(fields))
    set(url, cookie, now);
}

std::vector<CookieJar::Pair> CookieJar::cookies_for(const Url& url, WallTime now) const {
  const std::string host = to_lower(std::string_view(url.host));
  std::vector<const Cookie*> found;
  for (const Cookie& cookie : cookies_) {
    if (!cookie.expired(now) && cookie.matches(url, host)) found.push_back(&cookie);
  }
  std::stable_sort(found.begin(), found.end(), [](const Cookie* a, const Cookie* b) {
    return a->path.size() > b->path.size();
  });
  std::vector<Pair> pairs;
  pairs.reserve(found.size());
  for (const Cookie* cookie : found)
    pairs.push_back({cookie->name, cookie->value});
  return pairs;
}

void CookieJar::clear(const Url& url) {
  const std::string host = to_lower(std::string_view(url.host));
  std::erase_if(cookies_, [&](const Cookie& cookie) { return cookie.matches(url, host); });
}

void CookieJar::erase(const Url& url, std::string_view name) {
  const std::string host = to_lower(std::string_view(url.host));
  std::erase_if(cookies_, [&](const Cookie& cookie) {
    return cookie.name == name && cookie.matches(url, host);
  });
}

void append_cookie(std::string& header, std::string_view name, std::string_view value) {
  if (!header.empty()) header += "; ";
  header.append(name) += '=';
  const bool quoted = value.find_first_of(" ,") != std::string_view::npos;
  if (quoted) header += '"';
  header += value;
  if (quoted) header += '"';
}

}  // namespace perigee::http
