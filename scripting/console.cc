#include "scripting/console.h"

#include <stdexcept>
#include <string>

#include "engine/base/json_repairs.h"
#include "engine/base/log.h"
#include "scripting/binding.h"
#include "scripting/call_guard.h"
#include "scripting/json_codec.h"
#include "scripting/sandbox.h"

namespace perigee {
namespace {

constexpr const char* kShow = "perigee.show";

// Appends what tostring makes of the argument.
void append_plain(lua_State* L, int index, std::string& line) {
  lua_getfield(L, LUA_GLOBALSINDEX, "tostring");
  lua_pushvalue(L, index);
  lua_call(L, 1, 1);
  if (lua_isstring(L, -1) != 0) line += view_at(L, -1);
  lua_pop(L, 1);
}

bool append_json(lua_State* L, int index, std::string& line) {
  try {
    std::string text;
    JsonRepairs repairs;
    show_json(L, index, text, &repairs);
    report_repairs(upvalue<Log>(L), repairs, "console");
    line += text;
    return true;
  } catch (const std::runtime_error&) {
    return false;  // functions and the like have no JSON
  }
}

// As JSON, if need be of what prelude/show.lua makes of it.
void append_table(lua_State* L, int index, std::string& line) {
  const bool shows_itself = luaL_getmetafield(L, index, kShow) != 0;
  if (shows_itself) lua_pop(L, 1);
  if (!shows_itself && append_json(L, index, line)) return;
  lua_getfield(L, LUA_REGISTRYINDEX, kShow);
  lua_pushvalue(L, index);
  lua_call(L, 1, 1);
  if (!append_json(L, lua_gettop(L), line)) append_plain(L, index, line);
  lua_pop(L, 1);
}

int print(lua_State* L) {
  const int count = lua_gettop(L);
  std::string line;
  for (int i = 1; i <= count; ++i) {
    if (i > 1) line += '\t';
    append_plain(L, i, line);
  }
  upvalue<Log>(L).console(LogLevel::kInfo, line);
  return 0;
}

template <LogLevel level>
int log_arguments(lua_State* L) {
  const int count = lua_gettop(L);
  std::string line;
  for (int i = 1; i <= count; ++i) {
    if (i > 1) line += ' ';
    if (lua_istable(L, i)) {
      append_table(L, i, line);
    } else {
      append_plain(L, i, line);
    }
  }
  upvalue<Log>(L).console(level, line);
  return 0;
}

}  // namespace

void open_show(lua_State* L, int globals) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, globals);
  push_call_guard(L);
  lua_getfield(L, -1, "titles");
  lua_remove(L, -2);
  push_json_null(L);
  push_json_array_mark(L);
  run_prelude(L, "show", 4);
  lua_setfield(L, LUA_REGISTRYINDEX, kShow);
}

void push_console(lua_State* L, Log& log) {
  lua_newtable(L);
  const Function functions[] = {{"log", bound<log_arguments<LogLevel::kInfo>>},
                                {"debug", bound<log_arguments<LogLevel::kDebug>>},
                                {"info", bound<log_arguments<LogLevel::kInfo>>},
                                {"warn", bound<log_arguments<LogLevel::kWarning>>},
                                {"error", bound<log_arguments<LogLevel::kError>>}};
  set_functions(L, &log, functions);
}

void push_print(lua_State* L, Log& log) {
  lua_pushlightuserdata(L, &log);
  lua_pushcclosure(L, bound<print>, 1);
}

}  // namespace perigee
