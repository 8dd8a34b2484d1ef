#include "scripting/bindings/summary.h"

#include <array>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/suggest.h"
#include "engine/output/summary_data_reader.h"
#include "engine/output/text_summary.h"
#include "scripting/binding.h"
#include "scripting/sandbox.h"
#include "scripting/values/value_copy.h"
#include "scripting/values/value_json.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 2> kOptions{"indent", "enableColors"};

void read_option(lua_State* L, TextSummaryOptions& options) {
  const std::string_view key = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "";
  if (key == "indent" && lua_type(L, -1) == LUA_TSTRING) {
    options.indent = view_at(L, -1);
  } else if (key == "enableColors" && lua_isboolean(L, -1)) {
    options.colours = lua_toboolean(L, -1) != 0;
  } else if (key == "indent" || key == "enableColors") {
    throw std::runtime_error(fmt::format("summary.text: {} must be a {}, got a {}", key,
                                         key == "indent" ? "string" : "boolean",
                                         luaL_typename(L, -1)));
  } else {
    throw std::runtime_error(
        fmt::format("summary.text: there is no option \"{}\"{}", key, did_you_mean(key, kOptions)));
  }
}

class SummaryInstance final : public Module::Instance {
 public:
  void push(lua_State* L) override {
    lua_newtable(L);
    const Function functions[] = {{"text", bound<text>}};
    set_functions(L, this, functions);
    run_prelude(L, "junit", 0);
    lua_setfield(L, -2, "junit");
  }

 private:
  // text(data, options)
  static int text(lua_State* L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    const nlohmann::json data = json_of_copy(copy_value(L, 1, "data"));
    TextSummaryOptions options;
    if (!lua_isnil(L, 2)) {
      luaL_checktype(L, 2, LUA_TTABLE);
      for (lua_pushnil(L); lua_next(L, 2) != 0; lua_pop(L, 1))
        read_option(L, options);
    }
    const std::string rendered = text_summary(read_summary_data(data), options);
    push_view(L, rendered);
    return 1;
  }
};

}  // namespace

std::unique_ptr<Module::Instance> SummaryModule::open(ScriptHost&) {
  return std::make_unique<SummaryInstance>();
}

}  // namespace perigee
