// Request bodies that scripts have made while they are sent: http.body_file, http.body_from.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/http/body_source.h"
#include "engine/http/file_body.h"
#include "scripting/lua.h"

namespace perigee {

class LuaVu;
class ScriptHost;

// One per worker: its VUs send the same open files.
class StreamedBodies {
 public:
  explicit StreamedBodies(ScriptHost& host) : host_(host) {}

  // Makes the types of the values and adds the functions to the table on top of the stack.
  void open(lua_State* L);

  // What sends the value at `index` for a request of `vu`; null if it is no such body.
  std::unique_ptr<http::BodySource> source_of(lua_State* L, int index, LuaVu* vu) const;

 private:
  static int body_file(lua_State* L);
  static int body_from(lua_State* L);

  ScriptHost& host_;
  std::map<std::string, std::shared_ptr<const http::BodyFile>> files_;  // by path
};

}  // namespace perigee
