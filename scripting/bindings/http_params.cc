// The parameters of a request: { headers = ..., timeout = ... }.
#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "engine/base/suggest.h"
#include "scripting/bindings/http_call.h"
#include "scripting/bindings/tag_table.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 5> kLaterParams{"cookies", "jar", "redirects", "auth",
                                                       "compression"};

}  // namespace

// The most used first: few scripts use the last ones.
const HttpCallReader::Param HttpCallReader::kParams[] = {
    {"headers", &HttpCallReader::read_headers},
    {"tags", &HttpCallReader::read_tags},
    {"timeout", &HttpCallReader::read_timeout},
    {"responseType", &HttpCallReader::read_response_type},
    {"responseCallback", &HttpCallReader::read_response_callback},
    {"throw", &HttpCallReader::read_throw},
};

const HttpCallReader::Param* HttpCallReader::find_param(std::string_view name) {
  const auto* found = std::find_if(std::begin(kParams), std::end(kParams),
                                   [name](const Param& param) { return param.name == name; });
  if (found != std::end(kParams)) return found;
  if (std::find(kLaterParams.begin(), kLaterParams.end(), name) != kLaterParams.end()) {
    throw std::runtime_error(
        fmt::format("the request parameter \"{}\" is not available in this version", name));
  }
  std::array<std::string_view, std::size(kParams)> names;
  std::transform(std::begin(kParams), std::end(kParams), names.begin(),
                 [](const Param& param) { return param.name; });
  throw std::runtime_error(
      fmt::format("there is no request parameter \"{}\"{}", name, did_you_mean(name, names)));
}

void HttpCallReader::read_params(lua_State* L, int index) {
  const int type = lua_type(L, index);
  if (type <= LUA_TNIL) return;
  if (type != LUA_TTABLE) {
    throw std::runtime_error(
        fmt::format("the parameters must be a table, got a {}", luaL_typename(L, index)));
  }
  const int value = lua_gettop(L) + 2;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_settop(L, value - 1)) {
    const std::string_view name = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "(a number)";
    (this->*find_param(name)->read)(L, value);
  }
}

void HttpCallReader::read_headers(lua_State* L, int index) {
  if (!lua_istable(L, index)) throw std::runtime_error("headers must be a table of strings");
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      throw std::runtime_error("headers: the name of a header must be a string");
    }
    const std::string_view name = view_at(L, -2);
    call_.headers.push_back({name, text_of(L, -1, name)});
  }
  // A table has no order of its own; the wire has one.
  if (call_.headers.size() > 1) {
    std::sort(call_.headers.begin(), call_.headers.end(),
              [](const http::Header& a, const http::Header& b) { return a.name < b.name; });
  }
}

std::string_view HttpCallReader::text_of(lua_State* L, int index, std::string_view header) {
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
      throw std::runtime_error(fmt::format("headers: \"{}\" must be a string, got a {}", header,
                                           luaL_typename(L, index)));
  }
}

void HttpCallReader::read_timeout(lua_State* L, int index) {
  std::optional<Duration> timeout;
  if (lua_type(L, index) == LUA_TNUMBER) {
    timeout = Duration(static_cast<int64_t>(lua_tonumber(L, index) * 1e6));
  } else if (lua_type(L, index) == LUA_TSTRING) {
    timeout = timeout_of(view_at(L, index));
  }
  if (!timeout || *timeout <= Duration::zero()) {
    throw std::runtime_error(
        "timeout must be a duration above 0 like \"10s\", or a number of milliseconds");
  }
  call_.request.timeout = *timeout;
}

std::optional<Duration> HttpCallReader::timeout_of(std::string_view text) {
  if (text != timeout_text_) {
    timeout_ = parse_duration(text);
    timeout_text_ = text;
  }
  return timeout_;
}

void HttpCallReader::read_tags(lua_State* L, int index) {
  const TagSet tags = perigee::read_tags(L, index, "tags");
  const http::Url* url = call_.request.url.get();
  if (url == nullptr) return;
  const std::string* name = tags.find("name");
  call_.tags = metrics_.request_tags(call_.method, url->text,
                                     name != nullptr ? std::string_view(*name) : name_, tags);
}

void HttpCallReader::read_response_type(lua_State* L, int index) {
  const std::string_view type = lua_type(L, index) == LUA_TSTRING ? view_at(L, index) : "";
  if (type != "text" && type != "binary" && type != "none") {
    throw std::runtime_error("responseType must be \"text\", \"binary\" or \"none\"");
  }
  call_.keep_body = type != "none";
}

void HttpCallReader::read_response_callback(lua_State* L, int index) {
  call_.expected = statuses_.read(L, index, "responseCallback");
}

void HttpCallReader::read_throw(lua_State* L, int index) {
  if (!lua_isboolean(L, index)) {
    throw std::runtime_error(
        fmt::format("throw must be true or false, got a {}", luaL_typename(L, index)));
  }
  call_.throws = lua_toboolean(L, index) != 0;
}

}  // namespace perigee
