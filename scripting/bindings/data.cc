#include "scripting/bindings/data.h"

#include <array>
#include <cmath>
#include <functional>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"
#include "scripting/bindings/shared_array_handle.h"
#include "scripting/data/json_array.h"
#include "scripting/data/record_array.h"
#include "scripting/data/value_array.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// A field of the options at `index`, on the stack until the caller pops it.
class OptionField {
 public:
  OptionField(lua_State* L, int index, const char* name) : L_(L), name_(name) {
    lua_getfield(L, index, name);
  }
  ~OptionField() { lua_pop(L_, 1); }
  OptionField(const OptionField&) = delete;
  OptionField& operator=(const OptionField&) = delete;

  bool is_set() const { return !lua_isnil(L_, -1); }
  bool boolean() const {
    if (is_set() && !lua_isboolean(L_, -1)) refuse("true or false");
    return lua_toboolean(L_, -1) != 0;
  }
  size_t line() const {
    if (!is_set()) return 0;
    const double number = lua_isnumber(L_, -1) != 0 ? lua_tonumber(L_, -1) : -1;
    if (number < 0 || number != std::floor(number)) refuse("a whole number from 0");
    return static_cast<size_t>(number);
  }
  char character(char otherwise) const {
    if (!is_set()) return otherwise;
    const std::string_view text = lua_isstring(L_, -1) != 0 ? view_at(L_, -1) : "";
    if (text.size() != 1 || text == "\"" || text == "\n" || text == "\r") refuse("one character");
    return text.front();
  }

 private:
  [[noreturn]] void refuse(const char* wanted) const {
    throw std::runtime_error(fmt::format("data.csv: {} must be {}", name_, wanted));
  }

  lua_State* L_;
  const char* name_;
};

void check_names(lua_State* L, int index) {
  constexpr std::array<std::string_view, 5> kKnown{"delimiter", "asObjects", "skipFirstLine",
                                                   "fromLine", "toLine"};
  luaL_checktype(L, index, LUA_TTABLE);
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) throw std::runtime_error("data.csv: options have names");
    find_word(view_at(L, -2), kKnown, "option of csv");
  }
}

CsvOptions read_csv_options(lua_State* L, int index) {
  CsvOptions options;
  if (lua_isnoneornil(L, index)) return options;
  check_names(L, index);
  options.delimiter = OptionField(L, index, "delimiter").character(options.delimiter);
  options.as_objects = OptionField(L, index, "asObjects").boolean();
  options.skip_first_line = OptionField(L, index, "skipFirstLine").boolean();
  options.from_line = OptionField(L, index, "fromLine").line();
  const OptionField to_line(L, index, "toLine");
  if (to_line.is_set()) options.to_line = to_line.line();
  return options;
}

// Arrays of the same file with other options are others.
std::string name_of(const std::string& path, const CsvOptions& options) {
  return fmt::format("csv {} {} {} {} {} {}", options.delimiter, options.as_objects,
                     options.skip_first_line, options.from_line,
                     options.to_line ? static_cast<double>(*options.to_line) : -1.0, path);
}

class DataInstance final : public Module::Instance {
 public:
  DataInstance(ScriptHost& host, SharedArrays& arrays) : host_(host), arrays_(arrays) {}

  void push(lua_State* L) override {
    declare_array_handles(L, host_);
    lua_newtable(L);
    const Function functions[] = {{"shared", bound<shared>},
                                  {"json", bound<json>},
                                  {"csv", bound<csv>},
                                  {"lines", bound<lines>}};
    set_functions(L, this, functions);
  }

 private:
  using Make = std::function<std::unique_ptr<SharedArray>()>;

  static int shared(lua_State* L) {
    const std::string name(check_text(L, 1));
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    return upvalue<DataInstance>(L).push_array(L, "shared", name, "shared " + name, [L] {
      lua_pushvalue(L, 2);
      lua_call(L, 0, 1);
      return copy_lua_list(L, -1);
    });
  }

  static int json(lua_State* L) {
    auto& self = upvalue<DataInstance>(L);
    const auto path = self.host_.files().need(L, std::string(check_text(L, 1)));
    return self.push_array(L, "json", path.string(), "json " + path.string(),
                           [&] { return read_json_array(path); });
  }

  static int csv(lua_State* L) {
    auto& self = upvalue<DataInstance>(L);
    const auto path = self.host_.files().need(L, std::string(check_text(L, 1)));
    const CsvOptions options = read_csv_options(L, 2);
    return self.push_array(L, "csv", path.string(), name_of(path.string(), options),
                           [&] { return std::make_unique<CsvArray>(path, options); });
  }

  static int lines(lua_State* L) {
    auto& self = upvalue<DataInstance>(L);
    const auto path = self.host_.files().need(L, std::string(check_text(L, 1)));
    return self.push_array(L, "lines", path.string(), "lines " + path.string(),
                           [&] { return std::make_unique<LineArray>(path); });
  }

  // The array `name`, made if the script is loaded for the first time. `function` and `what` name
  // it in errors.
  int push_array(lua_State* L, const char* function, const std::string& what,
                 const std::string& name, const Make& make) {
    if (!host_.loading()) {
      throw std::runtime_error(fmt::format(
          "data.{} \"{}\": shared arrays are made at the top of the script, not while it runs",
          function, what));
    }
    const SharedArray* array = arrays_.find(name);
    if (array == nullptr && !host_.declaring()) {
      throw std::runtime_error(fmt::format(
          "data.{} \"{}\" was not called when the script was loaded first; make every shared array "
          "in every VU, whatever __VU is",
          function, what));
    }
    if (array == nullptr) array = arrays_.add(name, build(function, what, make));
    push_array_handle(L, *array);
    return 1;
  }

  static std::unique_ptr<SharedArray> build(const char* function, const std::string& what,
                                            const Make& make) {
    try {
      return make();
    } catch (const ConfigError& error) {
      throw std::runtime_error(fmt::format("data.{}: {}", function, error.what()));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(fmt::format("data.{} \"{}\": {}", function, what, error.what()));
    }
  }

  ScriptHost& host_;
  SharedArrays& arrays_;
};

}  // namespace

std::unique_ptr<Module::Instance> DataModule::open(ScriptHost& host) {
  return std::make_unique<DataInstance>(host, arrays_);
}

}  // namespace perigee
