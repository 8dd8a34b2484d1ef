#include "scripting/bindings/http_call.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "engine/base/limits.h"
#include "engine/base/suggest.h"
#include "scripting/bindings/tag_table.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr Duration kDefaultTimeout = std::chrono::seconds(60);
constexpr std::array<std::string_view, 4> kParams{"headers", "tags", "timeout", "responseType"};
constexpr std::array<std::string_view, 8> kLaterParams{
    "cookies", "jar", "redirects", "auth", "compression", "responseCallback", "throw", "discard"};

[[noreturn]] void refuse_param(std::string_view key) {
  if (std::find(kLaterParams.begin(), kLaterParams.end(), key) != kLaterParams.end()) {
    throw std::runtime_error(
        fmt::format("the request parameter \"{}\" is not available in this version", key));
  }
  throw std::runtime_error(
      fmt::format("there is no request parameter \"{}\"{}", key, did_you_mean(key, kParams)));
}

}  // namespace

void HttpCallReader::open(lua_State* L) {
  lua_newtable(L);
  url_numbers_ = luaL_ref(L, LUA_REGISTRYINDEX);
}

const HttpCall& HttpCallReader::read(lua_State* L, const HttpArguments& arguments) {
  if (lua_type(L, arguments.url) != LUA_TSTRING) {
    throw std::runtime_error(
        fmt::format("the URL must be a string, got {}",
                    arguments.url == 0 ? "nothing" : luaL_typename(L, arguments.url)));
  }
  call_.method = arguments.method;
  call_.headers.clear();
  texts_.clear();
  call_.request.timeout = kDefaultTimeout;
  call_.request.body = {};
  call_.keep_body = true;
  tagged_ = false;
  KnownUrl& url = find_url(L, arguments.url);
  // Mostly the same as last time, and counting references costs more than looking.
  if (call_.request.url != url.url) call_.request.url = url.url;
  if (!url.url) {
    call_.url_error = url.error;
    call_.url_text = view_at(L, arguments.url);
  }
  if (arguments.body != 0) read_body(L, arguments.body);
  if (arguments.params != 0) read_params(L, arguments.params, url);
  if (!tagged_ && url.url) call_.tags = plain_tags(url);
  call_.request.method = call_.method;
  call_.request.headers = call_.headers;
  return call_;
}

KnownUrl& HttpCallReader::find_url(lua_State* L, int index) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, url_numbers_);
  lua_pushvalue(L, index);
  lua_rawget(L, -2);
  const auto number = static_cast<size_t>(lua_tonumber(L, -1));  // from 1; 0 if it is not there
  if (number != 0) {
    lua_pop(L, 2);
    return urls_[number - 1];
  }
  if (urls_.size() == limits::kInternedUrls) {
    urls_.clear();
    lua_pop(L, 2);
    luaL_unref(L, LUA_REGISTRYINDEX, url_numbers_);
    open(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, url_numbers_);
    lua_pushnil(L);
  }
  KnownUrl& known = urls_.emplace_back();
  auto parsed = http::parse_url(view_at(L, index), known.error);
  if (parsed) known.url = std::make_shared<const http::Url>(std::move(*parsed));
  lua_pushvalue(L, index);
  lua_pushnumber(L, static_cast<double>(urls_.size()));
  lua_rawset(L, -4);
  lua_pop(L, 2);
  return known;
}

http::RequestTagsId HttpCallReader::plain_tags(KnownUrl& url) {
  for (const auto& [method, tags] : url.tags) {
    if (method == call_.method) return tags;
  }
  const http::RequestTagsId tags =
      metrics_.request_tags(call_.method, url.url->text, /*name=*/{}, TagSet());
  url.tags.emplace_back(call_.method, tags);
  return tags;
}

void HttpCallReader::read_body(lua_State* L, int index) {
  const int type = lua_type(L, index);
  if (type == LUA_TSTRING) {
    call_.request.body = view_at(L, index);
  } else if (type > LUA_TNIL) {
    throw std::runtime_error(fmt::format(
        "the body must be a string, got a {} (use json.encode for JSON)", luaL_typename(L, index)));
  }
}

void HttpCallReader::read_params(lua_State* L, int index, KnownUrl& url) {
  const int type = lua_type(L, index);
  if (type <= LUA_TNIL) return;
  if (type != LUA_TTABLE) {
    throw std::runtime_error(
        fmt::format("the parameters must be a table, got a {}", luaL_typename(L, index)));
  }
  const int value = lua_gettop(L) + 2;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    const std::string_view key = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "(a number)";
    if (key == "headers") {
      read_headers(L, value);
    } else if (key == "timeout") {
      read_timeout(L, value);
    } else if (key == "tags") {
      read_tags(L, value, url);
    } else if (key == "responseType") {
      read_response_type(L, value);
    } else {
      refuse_param(key);
    }
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

void HttpCallReader::read_tags(lua_State* L, int index, const KnownUrl& url) {
  const TagSet tags = perigee::read_tags(L, index, "tags");
  if (!url.url) return;
  const std::string* name = tags.find("name");
  call_.tags = metrics_.request_tags(call_.method, url.url->text,
                                     name != nullptr ? std::string_view(*name) : "", tags);
  tagged_ = true;
}

void HttpCallReader::read_response_type(lua_State* L, int index) {
  const std::string_view type = lua_type(L, index) == LUA_TSTRING ? view_at(L, index) : "";
  if (type != "text" && type != "binary" && type != "none") {
    throw std::runtime_error("responseType must be \"text\", \"binary\" or \"none\"");
  }
  call_.keep_body = type != "none";
}

}  // namespace perigee
