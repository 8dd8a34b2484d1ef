// The cookies that a request brings itself: a Cookie header of the script's own, and cookies by
// name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/http/cookie_jar.h"
#include "engine/http/url.h"

namespace perigee::http {

// One by name.
struct RequestCookie {
  std::string_view name;
  std::string_view value;
  bool replace = false;  // the jar's cookie of this name stays behind
};

// They go along with redirections as long as secrets do, beside what the jar has for each URL.
class RequestCookies {
 public:
  // Several Cookie headers are one list.
  void add_header(std::string_view value);
  void add(const RequestCookie& cookie);
  void clear();

  // A response has set cookies, which the jar has taken: they stand in for those of the same names
  // in the script's header, as in Go's client.
  void supersede(std::string_view response_fields);

  // The value of the Cookie header for a request to `url`; empty if there are no cookies.
  std::string header_for(const Url& url, const CookieJar* jar, WallTime now) const;

 private:
  struct Cookie {
    std::string name;
    std::string value;
    bool replace;
  };

  bool replaces(std::string_view name) const;

  std::string header_;
  std::vector<Cookie> cookies_;
};

}  // namespace perigee::http
