// Where a redirection leads, and what of the request goes along: browsers' rules, as Go's client
// and k6 apply them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/url.h"

namespace perigee::http {

// An answer that may send the request elsewhere.
struct RedirectAnswer {
  int status = 0;
  std::string_view location;  // empty if there is none
};

// The next request.
struct Redirect {
  std::shared_ptr<const Url> url;
  std::string method;
  bool keeps_body = true;     // else the headers that describe it stay behind too
  bool keeps_secrets = true;  // Authorization, Cookie and their like: the host is the first one's
  bool keeps_host_header = true;  // a Host header of the script's own
  std::string referer;            // empty: none
  std::string error;              // why it can't be followed; all else is empty then
};

// Whether the answer is a redirection at all; nothing if it is to be taken as it is. `from` is the
// URL that gave the answer to `method`; `first` is the one that the script asked for.
std::optional<Redirect> redirect_after(const RedirectAnswer& answer, std::string_view method,
                                       const Url& from, const Url& first);

// Headers that must not follow a redirection to another host, or one that drops the body.
bool is_secret_header(std::string_view name);
bool is_body_header(std::string_view name);

}  // namespace perigee::http
