// A read-only table of a module whose fields are read when a script asks for them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scripting/lua.h"

namespace perigee {

class ScriptHost;

class LiveTable {
 public:
  // Pushes the field's value at the time it is read; what it throws becomes an error at the
  // script's line.
  struct Field {
    std::string_view name;
    void (*push)(lua_State* L, ScriptHost& host);
  };

  // `name` is what errors call it, e.g. "execution.vu". Everything passed must outlive the table.
  LiveTable(ScriptHost& host, std::string_view name, std::span<const Field> fields)
      : host_(host), name_(name), fields_(fields) {}

  // Replaces the table of further fields on top of the stack, which stay as they are, by this one.
  void push(lua_State* L);

 private:
  static int read(lua_State* L);
  static int refuse_write(lua_State* L);
  void push_names(lua_State* L) const;
  [[noreturn]] void refuse_unknown(lua_State* L, const std::string& key) const;

  ScriptHost& host_;
  const std::string_view name_;
  const std::span<const Field> fields_;
};

}  // namespace perigee
