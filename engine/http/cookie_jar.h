// The cookies of a user: taken from responses, sent back where RFC 6265 says they belong.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/http/set_cookie.h"
#include "engine/http/url.h"

namespace perigee::http {

// A plain value: an empty one allocates nothing. Holds at most limits::kCookies; the oldest goes
// first. `now` decides what has expired.
class CookieJar {
 public:
  // One that a request carries.
  struct Pair {
    std::string_view name;
    std::string_view value;
  };

  // Takes a cookie that `url` has set, in the place of one of the same name, domain and path; one
  // that has expired removes it. False if `url` may not set it: its domain is another's, or a
  // single label such as "com".
  bool set(const Url& url, const SetCookie& cookie, WallTime now);
  // Takes all Set-Cookie headers of a response's header block.
  void update(const Url& url, std::string_view fields, WallTime now);

  // What a request to `url` carries: longer paths first, then older cookies. The views are valid
  // until the jar changes.
  std::vector<Pair> cookies_for(const Url& url, WallTime now) const;

  // Removes the cookies that requests to `url` carry: all of them, or those of this name.
  void clear(const Url& url);
  void erase(const Url& url, std::string_view name);
  void clear() { cookies_.clear(); }
  bool empty() const { return cookies_.empty(); }

 private:
  struct Cookie {
    std::string name;
    std::string value;
    std::string domain;
    std::string path;
    WallTime expires;
    bool host_only;
    bool secure;

    bool expired(WallTime now) const { return expires <= now; }
    bool matches(const Url& url, std::string_view host) const;
  };

  std::vector<Cookie> cookies_;  // the oldest first
};

// The value of a Cookie header: "a=1; b=2".
void append_cookie(std::string& header, std::string_view name, std::string_view value);

}  // namespace perigee::http
