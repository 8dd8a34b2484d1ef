#include "scripting/values/value_path.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "engine/base/json_text.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

bool is_name(std::string_view key) {
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  return !key.empty() && std::isdigit(static_cast<unsigned char>(key.front())) == 0 &&
         std::all_of(key.begin(), key.end(), fits);
}

}  // namespace

void ValuePath::enter(lua_State* L, int index) {
  switch (lua_type(L, index)) {
    case LUA_TSTRING:
      return steps_.push_back({true, view_at(L, index), 0});
    case LUA_TBOOLEAN:
      return steps_.push_back({false, lua_toboolean(L, index) != 0 ? "true" : "false", 0});
    default:
      steps_.push_back({false, {}, lua_tonumber(L, index)});
  }
}

void ValuePath::enter(int position) {
  steps_.push_back({false, {}, static_cast<double>(position)});
}

int ValuePath::steps_to(const void* table) const {
  const auto found = std::find(tables_.begin(), tables_.end(), table);
  return found == tables_.end() ? -1 : static_cast<int>(found - tables_.begin());
}

std::string ValuePath::text(size_t steps) const {
  constexpr size_t kLongest = 160;
  constexpr size_t kKept = 70;  // at both ends
  std::string path(name_);
  for (size_t i = 0; i < steps; ++i) {
    const Step& step = steps_[i];
    if (step.is_string && is_name(step.string)) {
      (path += '.') += step.string;
      continue;
    }
    path += '[';
    if (step.is_string) {
      append_json_string(path, step.string);
    } else if (!step.string.empty()) {
      path += step.string;
    } else {
      append_json_number(path, step.number);
    }
    path += ']';
  }
  if (path.size() <= kLongest) return path;
  return path.substr(0, kKept) + "..." + path.substr(path.size() - kKept);
}

}  // namespace perigee
