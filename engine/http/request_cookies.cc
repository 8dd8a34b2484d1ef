#include "engine/http/request_cookies.h"

#include <algorithm>
#include <utility>

#include "engine/http/header_fields.h"
#include "engine/http/set_cookie.h"

namespace perigee::http {
namespace {

// Takes the pairs of this name out of a Cookie header, whose text is kept if it has none.
void remove_pairs(std::string& header, std::string_view name) {
  std::string kept;
  bool found = false;
  for (std::string_view rest = header; !rest.empty();) {
    const size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const bool goes = trim(pair.substr(0, pair.find('='))) == name;
    found = found || goes;
    if (!goes && !pair.empty()) kept.append(kept.empty() ? "" : "; ").append(pair);
  }
  if (found) header = std::move(kept);
}

}  // namespace

void RequestCookies::add_header(std::string_view value) {
  header_.append(header_.empty() || value.empty() ? "" : "; ").append(value);
}

void RequestCookies::add(const RequestCookie& cookie) {
  cookies_.push_back({std::string(cookie.name), std::string(cookie.value), cookie.replace});
}

void RequestCookies::clear() {
  header_.clear();
  cookies_.clear();
}

void RequestCookies::supersede(std::string_view response_fields) {
  if (header_.empty()) return;
  for (const SetCookie& cookie : read_set_cookies(response_fields))
    remove_pairs(header_, cookie.name);
}

bool RequestCookies::replaces(std::string_view name) const {
  return std::any_of(cookies_.begin(), cookies_.end(), [name](const Cookie& cookie) {
    return cookie.replace && cookie.name == name;
  });
}

std::string RequestCookies::header_for(const Url& url, const CookieJar* jar, WallTime now) const {
  std::string text = header_;
  for (const Cookie& cookie : cookies_)
    append_cookie(text, cookie.name, cookie.value);
  if (jar == nullptr) return text;
  for (const CookieJar::Pair& pair : jar->cookies_for(url, now)) {
    if (!replaces(pair.name)) append_cookie(text, pair.name, pair.value);
  }
  return text;
}

}  // namespace perigee::http
