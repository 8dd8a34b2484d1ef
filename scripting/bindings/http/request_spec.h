// A request as a script wrote it, with what its client and its VU add to that.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/http/body_source.h"
#include "engine/http/call.h"
#include "engine/http/cookie_jar.h"
#include "engine/http/http_metrics.h"
#include "engine/http/request.h"
#include "engine/http/request_cookies.h"
#include "engine/metrics/tags.h"
#include "scripting/bindings/expected_statuses.h"

namespace perigee {

class LuaVu;
struct HttpClient;

// Written by RequestReader, and kept by what sends it until the request has ended. `request` and
// the fields whose types are views point into the script's strings and into the reader's, and hold
// until the reader reads again; the body of the request holds until its end.
struct RequestSpec {
  http::Request request;  // without a URL if that is invalid
  std::string method;
  std::vector<http::Header> headers;
  std::string url_text;  // of an invalid URL only
  std::string url_error;
  http::CallRules rules;
  std::vector<http::RequestCookie> cookies;
  std::shared_ptr<http::CookieJar> jar;      // null: the VU's
  std::string body;                          // one that is made of other values than a string
  std::string_view plain_body;               // before it was compressed
  std::unique_ptr<http::BodySource> source;  // of a body that is made while it is sent
  Duration idle_timeout{};                   // of a streamed response; zero for none
  bool redirects_by_default = true;
  bool throws = false;  // a failed request is an error of the script
  // The script's own string is the URL, so that it need not be made again. Not after a redirection.
  bool url_kept = true;
  std::optional<ExpectedStatuses::Id> expected;
  http::RequestTagsId tags = 0;  // of the exchange at hand
  const HttpClient* client = nullptr;
  // Whose request it is, and the tags that its samples have beside their own. Null: it is only
  // looked at, and what the VU adds is missing.
  LuaVu* vu = nullptr;
  TagSetId context = 0;
};

}  // namespace perigee
