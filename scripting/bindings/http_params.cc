// The parameters of a request: { headers = ..., timeout = ... }.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "engine/base/suggest.h"
#include "scripting/bindings/http/request_reader.h"
#include "scripting/bindings/http_cookies.h"
#include "scripting/bindings/tag_table.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

void check_cookie_keys(lua_State* L, int cookie, std::string_view name) {
  constexpr std::array<std::string_view, 2> kKeys{"value", "replace"};
  for (lua_pushnil(L); lua_next(L, cookie) != 0; lua_pop(L, 1)) {
    const std::string_view key = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "(a number)";
    if (std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end()) continue;
    throw std::runtime_error(
        fmt::format("cookies: \"{}\" has no key \"{}\"{}; there are value and "
                    "replace",
                    name, key, did_you_mean(key, kKeys)));
  }
}

}  // namespace

// The most used first: few scripts use the last ones.
const RequestReader::Param RequestReader::kParams[] = {
    {"headers", &RequestReader::read_headers},
    {"tags", &RequestReader::read_tags},
    {"timeout", &RequestReader::read_timeout},
    {"idleTimeout", &RequestReader::read_idle_timeout},
    {"responseType", &RequestReader::read_response_type},
    {"responseCallback", &RequestReader::read_response_callback},
    {"throw", &RequestReader::read_throw},
    {"redirects", &RequestReader::read_redirects},
    {"cookies", &RequestReader::read_cookies},
    {"jar", &RequestReader::read_jar},
    {"auth", &RequestReader::read_auth},
    {"compression", &RequestReader::read_compression},
    {"retry", &RequestReader::read_retry},
};

bool RequestReader::refuses_param(std::string_view name) const {
  return name == (spec_->rules.streamed ? "responseType" : "idleTimeout");
}

const RequestReader::Param* RequestReader::find_param(std::string_view name) const {
  const auto* found = std::find_if(std::begin(kParams), std::end(kParams),
                                   [name](const Param& param) { return param.name == name; });
  if (found != std::end(kParams)) return found;
  if (name == "body" || name == "data" || name == "json") {
    throw std::runtime_error(fmt::format(
        "there is no request parameter \"{}\": the body is an argument of its own, before the "
        "parameters",
        name));
  }
  std::vector<std::string_view> known;
  std::vector<std::string_view> refused;
  for (const Param& param : kParams)
    (refuses_param(param.name) ? refused : known).push_back(param.name);
  throw std::runtime_error(fmt::format("there is no request parameter \"{}\"{}", name,
                                       did_you_mean(name, known, refused)));
}

void RequestReader::read_params(lua_State* L, int index) {
  const int type = lua_type(L, index);
  if (type <= LUA_TNIL) return;
  if (type != LUA_TTABLE) {
    throw std::runtime_error(
        fmt::format("the parameters must be a table, got a {}; a body comes before them, where "
                    "there is one",
                    luaL_typename(L, index)));
  }
  const int value = lua_gettop(L) + 2;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_settop(L, value - 1)) {
    const std::string_view name = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "(a number)";
    (this->*find_param(name)->read)(L, value);
  }
}

void RequestReader::read_headers(lua_State* L, int index) {
  if (!lua_istable(L, index)) throw std::runtime_error("headers must be a table of strings");
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      throw std::runtime_error("headers: the name of a header must be a string");
    }
    const std::string_view name = view_at(L, -2);
    spec_->headers.push_back({name, text_of(L, -1, "headers", name)});
    notice_header(spec_->headers.back());
  }
  // A table has no order of its own; the wire has one.
  if (spec_->headers.size() > 1) {
    std::sort(spec_->headers.begin(), spec_->headers.end(),
              [](const http::Header& a, const http::Header& b) { return a.name < b.name; });
  }
}

std::string_view RequestReader::text_of(lua_State* L, int index, const char* what,
                                        std::string_view name) {
  switch (lua_type(L, index)) {
    case LUA_TSTRING:
      return view_at(L, index);
    case LUA_TNUMBER:
      lua_pushvalue(L, index);  // a number's text, without changing the script's table
      texts_.emplace_back(view_at(L, -1));
      lua_pop(L, 1);
      return texts_.back();
    case LUA_TBOOLEAN:
      return lua_toboolean(L, index) != 0 ? "true" : "false";
    default:
      throw std::runtime_error(fmt::format("{}: \"{}\" must be a string, got a {}", what, name,
                                           luaL_typename(L, index)));
  }
}

void RequestReader::read_timeout(lua_State* L, int index) {
  spec_->request.timeout = duration_of(L, index, "timeout");
  gives_timeout_ = true;
}

void RequestReader::read_idle_timeout(lua_State* L, int index) {
  if (!spec_->rules.streamed) {
    throw std::runtime_error("idleTimeout is for http.stream; a request has a timeout");
  }
  spec_->idle_timeout = duration_of(L, index, "idleTimeout");
}

Duration RequestReader::duration_of(lua_State* L, int index, const char* param) {
  std::optional<Duration> duration;
  if (lua_type(L, index) == LUA_TNUMBER) {
    duration = Duration(static_cast<int64_t>(lua_tonumber(L, index) * 1e6));
  } else if (lua_type(L, index) == LUA_TSTRING) {
    duration = timeout_of(view_at(L, index));
  }
  if (duration && *duration > Duration::zero()) return *duration;
  throw std::runtime_error(fmt::format(
      "{} must be a duration above 0 like \"10s\", or a number of milliseconds", param));
}

std::optional<Duration> RequestReader::timeout_of(std::string_view text) {
  if (text != timeout_text_) {
    timeout_ = parse_duration(text);
    timeout_text_ = text;
  }
  return timeout_;
}

void RequestReader::read_tags(lua_State* L, int index) {
  const TagSet tags = perigee::read_tags(L, index, "tags");
  const http::Url* url = spec_->request.url.get();
  if (url == nullptr) return;
  const std::string* name = tags.find("name");
  spec_->tags = metrics_.request_tags(spec_->method, url->text,
                                      name != nullptr ? std::string_view(*name) : name_, tags);
}

void RequestReader::read_response_type(lua_State* L, int index) {
  const std::string_view type = lua_type(L, index) == LUA_TSTRING ? view_at(L, index) : "";
  if (type != "text" && type != "binary" && type != "none") {
    throw std::runtime_error("responseType must be \"text\", \"binary\" or \"none\"");
  }
  if (spec_->rules.streamed) {
    throw std::runtime_error(
        "responseType is for answers that are kept; http.stream gives an answer away as it comes");
  }
  spec_->rules.keep_body = type != "none";
}

void RequestReader::read_response_callback(lua_State* L, int index) {
  spec_->expected = statuses_.read(L, index, "responseCallback");
}

bool RequestReader::flag_of(lua_State* L, int index, const char* param) {
  if (!lua_isboolean(L, index)) {
    throw std::runtime_error(
        fmt::format("{} must be true or false, got a {}", param, luaL_typename(L, index)));
  }
  return lua_toboolean(L, index) != 0;
}

void RequestReader::read_throw(lua_State* L, int index) {
  spec_->throws = flag_of(L, index, "throw");
}

void RequestReader::read_retry(lua_State* L, int index) {
  spec_->request.repeatable = flag_of(L, index, "retry");
}

void RequestReader::read_redirects(lua_State* L, int index) {
  const double redirects = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : -1;
  if (!(redirects >= 0 && redirects <= 1e6) || redirects != std::floor(redirects)) {
    throw std::runtime_error("redirects must be how many are followed at most, like 4, or 0");
  }
  spec_->rules.redirects = static_cast<int64_t>(redirects);
  spec_->redirects_by_default = false;
}

void RequestReader::read_cookies(lua_State* L, int index) {
  if (!lua_istable(L, index)) {
    throw std::runtime_error(
        fmt::format("cookies must be a table of values, got a {}", luaL_typename(L, index)));
  }
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      throw std::runtime_error("cookies: the name of a cookie must be a string");
    }
    read_cookie(L, lua_gettop(L));
    check_cookie(spec_->cookies.back().name, spec_->cookies.back().value);
  }
  std::sort(spec_->cookies.begin(), spec_->cookies.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
}

// The name is below the value: "text" or { value = "text", replace = true }.
void RequestReader::read_cookie(lua_State* L, int index) {
  http::RequestCookie& cookie = spec_->cookies.emplace_back();
  cookie.name = view_at(L, index - 1);
  if (!lua_istable(L, index)) {
    cookie.value = text_of(L, index, "cookies", cookie.name);
    return;
  }
  check_cookie_keys(L, index, cookie.name);
  lua_getfield(L, index, "value");
  cookie.value = texts_.emplace_back(text_of(L, index + 1, "cookies", cookie.name));
  lua_getfield(L, index, "replace");
  cookie.replace = !lua_isnil(L, -1) && flag_of(L, index + 2, "cookies: replace");
  lua_pop(L, 2);
}

void RequestReader::read_jar(lua_State* L, int index) {
  spec_->jar = cookie_jar_at(L, index);
}

void RequestReader::read_auth(lua_State* L, int index) {
  const std::string_view auth = lua_type(L, index) == LUA_TSTRING ? view_at(L, index) : "";
  if (auth == "ntlm") {
    throw std::runtime_error("auth = \"ntlm\" is not available: it is \"basic\" or \"digest\"");
  }
  if (auth != "basic" && auth != "digest") {
    throw std::runtime_error("auth must be \"basic\" or \"digest\"");
  }
  const http::Url* url = spec_->request.url.get();
  if (url != nullptr && url->credentials.empty()) {
    throw std::runtime_error(fmt::format(
        "auth = \"{}\" needs a user and a password in the URL: http://user:password@host/", auth));
  }
  spec_->rules.digest = auth == "digest";
}

void RequestReader::read_compression(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TSTRING) {
    throw std::runtime_error("compression must be a list of codings like \"gzip\" or \"gzip, br\"");
  }
  codings_ = http::parse_content_codings(view_at(L, index));
}

}  // namespace perigee
