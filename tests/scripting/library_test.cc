// Holds the definitions for editors in scripting/library against what scripts really get.
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/modules.h"
#include "engine/execution/option_keys.h"
#include "engine/execution/scenario_reader.h"
#include "scripting/call_guard.h"
#include "scripting/lua_state.h"
#include "scripting/prelude_sources.h"
#include "scripting/script_description.h"
#include "scripting/script_host.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

using Names = std::set<std::string>;

class NoControl final : public RunControl {
 public:
  void abort_from_script(const std::string&) override {}
  void fail_from_script(const std::string&) override {}
};

// A host as a worker has it, with a script of the test's own.
struct HostFixture {
  explicit HostFixture(const std::string& source)
      : script{.path = "script.lua", .source = source, .folder = {}, .env = {}} {
    builtins = declare_builtins(registry);
    for (const auto& module : modules)
      module->declare(registry);
    host.emplace(script, modules, worker, watchdog, &registry);
  }

  MetricRegistry registry;
  BuiltinMetrics builtins{};
  Modules modules = make_modules();
  Loop loop;
  Options options;
  Log log;
  RunState state{0, 1};
  NoControl control;
  Watchdog watchdog{Duration::zero()};
  Script script;
  MetricShard shard{registry};
  WorkerContext worker{0, 1, loop, shard, registry, builtins, options, {}, log, state, control};
  std::optional<ScriptHost> host;
};

// The names of the functions, or of everything else, in the table on top of the stack.
Names names_in(lua_State* L, bool functions) {
  Names names;
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    if (lua_isfunction(L, -1) == functions) names.insert(std::string(view_at(L, -2)));
  }
  return names;
}

std::string library_file(std::string module) {
  for (char& c : module) {
    if (c == '.') c = '/';
  }
  return "scripting/library/" + module + ".lua";
}

// Leaves what the definition file of a module returns on the stack.
void push_definition(lua_State* L, const std::string& module) {
  REQUIRE_MESSAGE(luaL_dofile(L, library_file(module).c_str()) == 0, lua_tostring(L, -1));
  REQUIRE(lua_istable(L, -1));
}

std::string without_option_mark(std::string name) {
  if (name.back() == '?') name.pop_back();
  return name;
}

// The fields that `---@field` lines give the classes of a file.
std::map<std::string, Names> documented_fields(const std::string& module) {
  const std::regex line_of(R"(---@(class|field) ([\w.]+\??).*)");
  std::map<std::string, Names> classes;
  std::string current;
  std::ifstream file(library_file(module));
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, line_of)) continue;
    if (match[1] == "class") {
      current = match[2];
    } else {
      classes[current].insert(without_option_mark(match[2]));
    }
  }
  return classes;
}

Names documented_fields(const std::string& module, const std::string& name) {
  return documented_fields(module).at(name);
}

Names words(const std::string& list) {
  Names result;
  std::istringstream in(list);
  for (std::string word; in >> word;) {
    if (word.back() == ',') word.pop_back();
    result.insert(word);
  }
  return result;
}

int do_nothing(lua_State*) {
  return 0;
}

// The fields a response says it has when a script asks for one it hasn't.
Names response_fields() {
  const LuaStatePtr state = make_lua_state(/*jit=*/true);
  lua_State* L = state.get();
  open_call_guard(L);
  const std::string_view prelude = prelude_source("http_response");
  REQUIRE(luaL_loadbuffer(L, prelude.data(), prelude.size(), "prelude") == 0);
  for (int i = 0; i < 7; ++i)
    lua_pushcfunction(L, do_nothing);
  lua_newtable(L);
  push_call_guard(L);
  lua_call(L, 9, 1);
  for (int i = 0; i < 4; ++i)
    lua_pushliteral(L, "of the request");
  lua_pushnumber(L, 200);
  lua_call(L, 5, 1);
  lua_setglobal(L, "response");
  REQUIRE(luaL_dostring(L, "return response.nonsense") != 0);
  const std::string message = take_error(L);
  const std::string before = "there are ";
  return words(message.substr(message.find(before) + before.size()));
}

}  // namespace

TEST_CASE("every module has a definition file with exactly its functions and values") {
  HostFixture fixture("return {}");
  lua_State* L = fixture.host->main_state();
  const LuaStatePtr definitions = make_lua_state(/*jit=*/true);
  for (const auto& module : fixture.modules) {
    const std::string name(module->name());
    INFO(name);
    const auto instance = module->open(*fixture.host);
    instance->push(L);
    push_definition(definitions.get(), name);
    CHECK(names_in(definitions.get(), /*functions=*/true) == names_in(L, true));
    CHECK(names_in(definitions.get(), /*functions=*/false) == names_in(L, false));
    lua_pop(L, 1);
  }
}

TEST_CASE("docs/modules.md has an example of every function of the modules for data") {
  HostFixture fixture("return {}");
  lua_State* L = fixture.host->main_state();
  const Names documented{"perigee.crypto", "perigee.data", "perigee.encoding", "perigee.json",
                         "perigee.random", "perigee.time", "perigee.url",      "perigee.yaml"};
  const std::string text = read_text("docs/modules.md");
  size_t checked = 0;
  for (const auto& module : fixture.modules) {
    const std::string name(module->name());
    if (!documented.contains(name)) continue;
    ++checked;
    const auto instance = module->open(*fixture.host);
    instance->push(L);
    for (const std::string& function : names_in(L, /*functions=*/true)) {
      const std::string call = name.substr(name.find('.') + 1) + "." + function + "(";
      CAPTURE(call);
      CHECK(text.find(call) != std::string::npos);
    }
    lua_pop(L, 1);
  }
  CHECK(checked == documented.size());
}

TEST_CASE("every documented global is there") {
  const LuaStatePtr state = make_lua_state(/*jit=*/true);
  lua_State* L = state.get();
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  const Names before = names_in(L, /*functions=*/true);
  REQUIRE(luaL_dofile(L, "scripting/library/globals.lua") == 0);
  Names documented = names_in(L, /*functions=*/true);
  for (const std::string& name : before)
    documented.erase(name);
  CHECK(documented == Names{"open"});

  HostFixture fixture(
      "assert(type(__ENV) == 'table' and __VU == 0 and __ITER == 0)\n"
      "assert(type(open) == 'function' and type(print) == 'function')\n"
      "for _, name in ipairs { 'log', 'debug', 'info', 'warn', 'error' } do\n"
      "  assert(type(console[name]) == 'function')\nend\n"
      "return {}");
  CHECK_NOTHROW(fixture.host->describe());
}

TEST_CASE("a response has exactly the documented fields and methods") {
  Names documented = documented_fields("perigee.http", "perigee.http.Response");
  documented.insert("json()");
  CHECK(documented == response_fields());
}

TEST_CASE("the documented options are those that perigee knows") {
  const auto keys = option_keys();
  CHECK(documented_fields("perigee.options", "perigee.Options") == Names(keys.begin(), keys.end()));
}

TEST_CASE("every documented key of an executor is one that it knows") {
  const std::map<std::string, std::string> executors{
      {"perigee.ConstantVus", "constant-vus"},
      {"perigee.SharedIterations", "shared-iterations"},
      {"perigee.PerVuIterations", "per-vu-iterations"},
      {"perigee.ConstantArrivalRate", "constant-arrival-rate"}};
  const nlohmann::json values{{"duration", "1s"}, {"rate", 1}, {"preAllocatedVUs", 1}};
  const auto classes = documented_fields("perigee.options");
  for (const auto& entry : executors) {
    const std::string name = entry.first;
    INFO(name);
    nlohmann::json scenario = nlohmann::json::object();
    for (const Names& fields : {classes.at(name), classes.at("perigee.AnyScenario")}) {
      for (const std::string& field : fields)
        scenario[field] = values.value(field, nlohmann::json());
    }
    scenario["executor"] = entry.second;
    CHECK_NOTHROW(read_scenarios({{"one", scenario}}));
  }
}

TEST_CASE("every documented field of perigee.execution can be read in an iteration") {
  std::string script =
      "local execution = require 'perigee.execution'\nlocal M = {}\n"
      "function M.default()\n";
  for (const auto& [name, table] : {std::pair{"perigee.execution.Vu", "vu"},
                                    std::pair{"perigee.execution.Scenario", "scenario"},
                                    std::pair{"perigee.execution.VuMetrics", "vu.metrics"},
                                    std::pair{"perigee.execution.Test", "test"},
                                    std::pair{"perigee.execution.Instance", "instance"}}) {
    for (const std::string& field : documented_fields("perigee.execution", name))
      script += fmt::format("  assert(execution.{}.{} ~= nil)\n", table, field);
  }
  script += "  print('all are there')\nend\nreturn M\n";
  const ScratchFolder scratch;
  std::ofstream(scratch / "fields.lua") << script;
  const ProcessResult run =
      run_process({perigee_program(), "run", "--quiet", scratch / "fields.lua"});
  CHECK(run.exit_code == 0);
  CHECK(run.err.find("all are there") != std::string::npos);
}

}  // namespace perigee
