// Cookies as scripts see them: jars, and those of a response.
#pragma once

#include <memory>
#include <string_view>

#include "engine/http/cookie_jar.h"
#include "scripting/lua.h"

namespace perigee {

class HttpWorker;
class LuaVu;

// Makes the type of jars, whose methods find the VU's own jar through the worker; called once.
void open_cookie_jars(lua_State* L, HttpWorker& worker);

// Pushes the jar that stands for that of the running VU, whichever it is; a new one.
void push_own_cookie_jar(lua_State* L);
void push_new_cookie_jar(lua_State* L);

// The jar at `index`; null for the VU's own. Throws std::runtime_error if it is none.
std::shared_ptr<http::CookieJar> cookie_jar_at(lua_State* L, int index);

// The VU's own jar, for other modules.
http::CookieJar& vu_cookie_jar(lua_State* L, LuaVu& vu);

// Throws std::runtime_error for a name or a value of a script's that would be something else in a
// Cookie header, where nothing can be quoted.
void check_cookie(std::string_view name, std::string_view value);

// Pushes the cookies that a response's header block sets: names to lists.
void push_set_cookies(lua_State* L, std::string_view fields);

}  // namespace perigee
