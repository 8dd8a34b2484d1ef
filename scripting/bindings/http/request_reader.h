// Reads the arguments of http.get and the rest: what a request is to be.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/http/content_coding.h"
#include "engine/http/http_metrics.h"
#include "engine/http/http_options.h"
#include "engine/http/trace_parent.h"
#include "engine/http/url.h"
#include "scripting/bindings/expected_statuses.h"
#include "scripting/bindings/http/request_spec.h"
#include "scripting/bindings/http_client_options.h"
#include "scripting/bindings/streamed_bodies.h"
#include "scripting/lua.h"

namespace perigee {

class HttpVus;

// A URL that scripts have used, with what is derived from it once.
struct KnownUrl {
  std::shared_ptr<const http::Url> url;  // null if the URL is invalid
  std::string error;                     // then: why
  // Its tags by method, for requests without tags of their own.
  std::vector<std::pair<std::string, http::RequestTagsId>> tags;
};

// Where a request's parts are on a Lua stack; 0 for one that is missing.
struct RequestArguments {
  std::string_view method;
  int url = 0;
  int body = 0;
  int params = 0;
  const HttpClient* client = nullptr;  // one of the script's own; null: the VU's default
  LuaVu* vu = nullptr;                 // whose request it is; null if it is only looked at
  bool streamed = false;
};

// Reads requests and remembers URLs. One per worker. `defaults` is what holds where a request's
// parameters say nothing.
class RequestReader {
 public:
  RequestReader(http::HttpMetrics& metrics, const ExpectedStatuses& statuses,
                const StreamedBodies& bodies, HttpVus& vus, const http::HttpOptions& defaults,
                Log& log)
      : metrics_(metrics),
        statuses_(statuses),
        bodies_(bodies),
        vus_(vus),
        defaults_(defaults),
        log_(log) {}

  // Writes `spec`, whatever it held before. May leave more values on the stack. Throws
  // std::runtime_error for arguments that make no sense; an invalid URL is no error of the call,
  // but its outcome.
  void read(lua_State* L, const RequestArguments& arguments, RequestSpec& spec);

  // Makes the table from URL strings to their numbers; called once.
  void open(lua_State* L);

 private:
  // Reads one parameter, whose value is at `index`.
  using ReadParam = void (RequestReader::*)(lua_State* L, int index);
  struct Param {
    std::string_view name;
    ReadParam read;
  };
  static const Param kParams[];
  const Param* find_param(std::string_view name) const;
  // Whether the call would refuse the parameter, though there is one of this name.
  bool refuses_param(std::string_view name) const;

  void reset(std::string_view method);
  void apply(const HttpClientOptions& options);
  // What the VU adds where the request says nothing.
  void complete(LuaVu& vu);
  void read_url(lua_State* L, int index);
  KnownUrl& find_url(lua_State* L, int index);
  void read_body(lua_State* L, int index, LuaVu* vu);
  void read_params(lua_State* L, int index);
  void read_headers(lua_State* L, int index);
  void read_tags(lua_State* L, int index);
  void read_timeout(lua_State* L, int index);
  void read_idle_timeout(lua_State* L, int index);
  void read_response_type(lua_State* L, int index);
  void read_response_callback(lua_State* L, int index);
  void read_throw(lua_State* L, int index);
  void read_retry(lua_State* L, int index);
  void read_redirects(lua_State* L, int index);
  void read_cookies(lua_State* L, int index);
  void read_cookie(lua_State* L, int index);
  void read_jar(lua_State* L, int index);
  void read_auth(lua_State* L, int index);
  void read_compression(lua_State* L, int index);
  // Makes the body of a table, and the header that says what it is.
  void read_form(lua_State* L, int index);
  void check_form(std::string_view given_type, bool in_parts);
  void check_boundary();
  // Compresses the body, and adds the header that says so.
  void compress_body();
  // Adds the header of traces, unless the script has given one.
  void add_trace_parent();
  // Takes note of headers that need more than to be sent.
  void notice_header(const http::Header& header);
  // Takes out the headers that say how long the body is, which the client writes itself.
  void drop_framing();
  void check_length(std::string_view given);
  void check_transfer_encoding(std::string_view given);
  // Logs what the script may not mean, once for each method and name, if the request is to be sent.
  void warn(std::string_view kind, const std::string& text);
  // "POST to http://host/path".
  std::string request_name() const;
  http::Header* find_header(std::string_view name);
  void drop_header(std::string_view name);
  static bool flag_of(lua_State* L, int index, const char* param);
  // The duration at `index`, above zero. Throws, naming `param`.
  Duration duration_of(lua_State* L, int index, const char* param);
  std::optional<Duration> timeout_of(std::string_view text);
  std::string_view text_of(lua_State* L, int index, const char* what, std::string_view name);
  http::RequestTagsId plain_tags(KnownUrl& url, std::string_view text);

  http::HttpMetrics& metrics_;
  const ExpectedStatuses& statuses_;
  const StreamedBodies& bodies_;
  HttpVus& vus_;
  const http::HttpOptions& defaults_;
  Log& log_;
  RequestSpec* spec_ = nullptr;    // the one that is being written
  std::deque<std::string> texts_;  // header values that are not strings in the script
  std::vector<KnownUrl> urls_;
  int url_numbers_ = LUA_NOREF;
  std::string timeout_text_;  // the last one read, and what it means
  std::optional<Duration> timeout_;
  std::mt19937_64 random_{std::random_device()()};
  http::TraceParents traces_;
  int form_ = 0;              // where on the stack the table is that is the body; 0: there is none
  bool sent_ = false;         // the request is not only looked at
  std::string content_type_;  // of a form
  std::string plain_body_;
  std::string content_encoding_;  // of a compressed body
  std::vector<http::ContentCoding> codings_;
  bool gives_framing_ = false;    // the script's headers have a Content-Length or Transfer-Encoding
  bool gives_multipart_ = false;  // ... or a Content-Type that is multipart
  bool gives_timeout_ = false;
  std::string_view name_;  // of the request; empty if that is its URL
};

// Whether the value at `index` was made by http.url: a table with `url` and `name`.
bool is_named_url(lua_State* L, int index);

}  // namespace perigee
