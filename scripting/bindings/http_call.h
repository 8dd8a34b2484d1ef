// A request as a script writes it: read from the arguments of http.get and the rest.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/http/http_metrics.h"
#include "engine/http/request.h"
#include "scripting/lua.h"

namespace perigee {

// A URL that scripts have used, with what is derived from it once.
struct KnownUrl {
  std::shared_ptr<const http::Url> url;  // null if the URL is invalid
  std::string error;                     // then: why
  // Its tags by method, for requests without tags of their own.
  std::vector<std::pair<std::string, http::RequestTagsId>> tags;
};

// One request. Its views point into the script's strings, which must stay on a stack meanwhile, and
// into the call itself.
struct HttpCall {
  http::Request request;  // without a URL if that is invalid
  std::string method;
  std::vector<http::Header> headers;
  std::string url_text;  // of an invalid URL only
  std::string url_error;
  bool keep_body = true;
  http::RequestTagsId tags = 0;
};

// Where a request's parts are on a Lua stack; 0 for one that is missing.
struct HttpArguments {
  std::string_view method;
  int url = 0;
  int body = 0;
  int params = 0;
};

// Reads calls and remembers URLs. One per worker.
class HttpCallReader {
 public:
  explicit HttpCallReader(http::HttpMetrics& metrics) : metrics_(metrics) {}

  // The result is valid until the next call of `read`. Throws std::runtime_error for arguments that
  // make no sense; an invalid URL is no error of the call, but its outcome.
  const HttpCall& read(lua_State* L, const HttpArguments& arguments);

  // Makes the table from URL strings to their numbers; called once.
  void open(lua_State* L);

 private:
  KnownUrl& find_url(lua_State* L, int index);
  void read_body(lua_State* L, int index);
  void read_params(lua_State* L, int index, KnownUrl& url);
  void read_headers(lua_State* L, int index);
  void read_tags(lua_State* L, int index, const KnownUrl& url);
  void read_timeout(lua_State* L, int index);
  std::optional<Duration> timeout_of(std::string_view text);
  void read_response_type(lua_State* L, int index);
  std::string_view text_of(lua_State* L, int index, std::string_view header);
  http::RequestTagsId plain_tags(KnownUrl& url);

  http::HttpMetrics& metrics_;
  HttpCall call_;
  std::deque<std::string> texts_;  // header values that are not strings in the script
  std::vector<KnownUrl> urls_;
  int url_numbers_ = LUA_NOREF;
  std::string timeout_text_;  // the last one read, and what it means
  std::optional<Duration> timeout_;
  bool tagged_ = false;
};

}  // namespace perigee
