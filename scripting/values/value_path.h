// Where in a Lua value something is: `data.users[3].cb`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scripting/lua.h"

namespace perigee {

// The tables that a walk is in, and the keys that led there. The keys must stay on the stack.
class ValuePath {
 public:
  explicit ValuePath(std::string_view name) : name_(name) {}

  // Goes to the value of the key at `index` of the stack, or of a position of a list.
  void enter(lua_State* L, int index);
  void enter(int position);
  void leave() { steps_.pop_back(); }
  size_t depth() const { return tables_.size(); }

  // The walk has come to a table, and has left it.
  void open(const void* table) { tables_.push_back(table); }
  void close() { tables_.pop_back(); }
  // How many steps lead to the table if the walk is in it already, else -1.
  int steps_to(const void* table) const;

  // The path as Lua writes it; long ones without their middle.
  std::string text() const { return text(steps_.size()); }
  std::string text(size_t steps) const;

 private:
  // A key is a string, or a number, or a boolean's word.
  struct Step {
    bool is_string;
    std::string_view string;
    double number;
  };

  std::string_view name_;
  std::vector<Step> steps_;
  std::vector<const void*> tables_;
};

}  // namespace perigee
