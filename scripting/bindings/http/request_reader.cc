#include "scripting/bindings/http/request_reader.h"

#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "scripting/bindings/http_clients.h"
#include "scripting/bindings/http_vu.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr Duration kDefaultTimeout = std::chrono::seconds(60);

}  // namespace

bool is_named_url(lua_State* L, int index) {
  if (!lua_istable(L, index)) return false;
  // Raw, as a table that is none may refuse names, like the module that http:get(url) passes.
  lua_pushliteral(L, "url");
  lua_rawget(L, index);
  lua_pushliteral(L, "name");
  lua_rawget(L, index);
  const bool named = lua_type(L, -1) == LUA_TSTRING && lua_type(L, -2) == LUA_TSTRING;
  lua_pop(L, 2);
  return named;
}

void RequestReader::open(lua_State* L) {
  lua_newtable(L);
  url_numbers_ = luaL_ref(L, LUA_REGISTRYINDEX);
}

void RequestReader::read(lua_State* L, const RequestArguments& arguments, RequestSpec& spec) {
  spec_ = &spec;
  reset(arguments.method);
  spec_->rules.streamed = arguments.streamed;
  spec_->client = arguments.client;
  sent_ = arguments.vu != nullptr;
  read_url(L, arguments.url);
  if (arguments.body != 0) read_body(L, arguments.body, arguments.vu);
  if (arguments.params != 0) read_params(L, arguments.params);
  if (spec_->client != nullptr) apply(spec_->client->configured->options);
  if (form_ != 0) {
    read_form(L, form_);
  } else if (gives_multipart_) {
    check_boundary();
  }
  spec_->plain_body = spec_->request.body;
  if (!codings_.empty()) compress_body();
  if (gives_framing_) drop_framing();
  if (defaults_.traceparent) add_trace_parent();
  spec_->rules.cookies = spec_->cookies;
  spec_->request.method = spec_->method;
  spec_->request.headers = spec_->headers;
  if (arguments.vu != nullptr) complete(*arguments.vu);
}

void RequestReader::complete(LuaVu& vu) {
  HttpVu& http = vus_.of(vu);
  spec_->vu = &vu;
  spec_->context = vu.context();
  if (!spec_->expected) spec_->expected = http.expected;
  if (spec_->client == nullptr) spec_->client = &http.client();
  spec_->rules.jar = spec_->jar ? spec_->jar.get() : &http.jar;
}

void RequestReader::reset(std::string_view method) {
  spec_->method = method;
  spec_->headers.clear();
  texts_.clear();
  spec_->request.timeout = kDefaultTimeout;
  spec_->request.body = {};
  spec_->request.source = nullptr;
  spec_->request.repeatable = false;
  if (spec_->source) spec_->source.reset();
  spec_->rules = {.redirects = defaults_.max_redirects,
                  .keep_body = !defaults_.discard_response_bodies};
  spec_->idle_timeout = {};
  spec_->cookies.clear();
  if (spec_->jar) spec_->jar.reset();
  spec_->redirects_by_default = true;
  spec_->throws = defaults_.throws;
  spec_->expected.reset();
  form_ = 0;
  gives_framing_ = gives_multipart_ = gives_timeout_ = false;
  codings_.clear();
}

// What the request itself says goes first.
void RequestReader::apply(const HttpClientOptions& options) {
  if (options.timeout && !gives_timeout_) spec_->request.timeout = *options.timeout;
  for (const auto& [name, value] : options.headers) {
    if (find_header(name) != nullptr) continue;
    spec_->headers.push_back({name, value});
    notice_header(spec_->headers.back());
  }
}

void RequestReader::add_trace_parent() {
  if (find_header(http::kTraceParent) != nullptr) return;
  spec_->headers.push_back({http::kTraceParent, texts_.emplace_back(traces_.next())});
}

void RequestReader::read_url(lua_State* L, int index) {
  name_ = {};
  int text = index;
  if (index != 0 && is_named_url(L, index)) {
    lua_getfield(L, index, "name");
    name_ = view_at(L, -1);
    // A template is known like a URL: its tags are those of all URLs made from it.
    KnownUrl& known = find_url(L, lua_gettop(L));
    if (known.url && !known.url->credentials.empty()) {
      name_ = texts_.emplace_back(known.url->text);  // without them
    }
    spec_->tags = plain_tags(known, name_);
    lua_getfield(L, index, "url");
    text = lua_gettop(L);
  }
  if (text == 0 || lua_type(L, text) != LUA_TSTRING) {
    throw std::runtime_error(
        fmt::format("the URL must be a string, or what http.url returns, got {}",
                    text == 0 ? "nothing" : luaL_typename(L, text)));
  }
  KnownUrl& url = find_url(L, text);
  // Mostly the same as last time, and counting references costs more than looking.
  if (spec_->request.url != url.url) spec_->request.url = url.url;
  spec_->url_kept = text == index && (!url.url || url.url->credentials.empty());
  if (!url.url) {
    spec_->url_error = url.error;
    spec_->url_text = view_at(L, text);
  } else if (name_.empty()) {
    spec_->tags = plain_tags(url, url.url->text);
  }
}

KnownUrl& RequestReader::find_url(lua_State* L, int index) {
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

http::RequestTagsId RequestReader::plain_tags(KnownUrl& url, std::string_view text) {
  for (const auto& [method, tags] : url.tags) {
    if (method == spec_->method) return tags;
  }
  const http::RequestTagsId tags = metrics_.request_tags(spec_->method, text, name_, TagSet());
  url.tags.emplace_back(spec_->method, tags);
  return tags;
}

void RequestReader::read_body(lua_State* L, int index, LuaVu* vu) {
  const int type = lua_type(L, index);
  if (type == LUA_TSTRING) {
    spec_->request.body = view_at(L, index);
    return;
  }
  if (type <= LUA_TNIL) return;
  spec_->source = bodies_.source_of(L, index, vu);
  if (spec_->source) {
    spec_->request.source = spec_->source.get();
  } else if (type == LUA_TTABLE) {
    form_ = index;
  } else {
    throw std::runtime_error(fmt::format(
        "the body must be a string, a table (a form), http.body_file(...) or http.body_from(...), "
        "got a {}; use json.encode for JSON",
        luaL_typename(L, index)));
  }
}

}  // namespace perigee
