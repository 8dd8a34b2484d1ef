#include "modules/inference/module.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "modules/inference/lua_sources.h"
#include "scripting/binding.h"
#include "scripting/call_guard.h"
#include "scripting/sandbox.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

using inference::Outcome;
using inference::Series;
using inference::SeriesName;

constexpr std::array<const char*, 10> kModules{
    "perigee.encoding", "perigee.execution", "perigee.grpc",    "perigee.http",   "perigee.json",
    "perigee.metrics",  "perigee.random",    "perigee.summary", "perigee.tensor", "perigee.time"};

// Nearly all of the module is Lua (lua/module.lua is its beginning); this is what Lua can't do:
// adding up over workers, and writing to the log.
class InferenceInstance final : public Module::Instance {
 public:
  InferenceInstance(ScriptHost& host, inference::Statistics& statistics)
      : host_(host), statistics_(statistics), book_(statistics.open_book()) {}

  void push(lua_State* L) override;

 private:
  static InferenceInstance& self(lua_State* L) { return upvalue<InferenceInstance>(L); }

  static int load(lua_State* L);
  static int fail(lua_State* L);
  static int read_file(lua_State* L);
  static int info(lua_State* L);
  static int warn(lua_State* L);
  static int error(lua_State* L);
  static int suggest(lua_State* L);
  static int scale(lua_State* L);
  static int client(lua_State* L);
  static int add(lua_State* L);
  static int series(lua_State* L);
  static int histogram(lua_State* L);

  ScriptHost& host_;
  inference::Statistics& statistics_;
  inference::Book& book_;
};

// load(name, ...) -> what the module's source of this name returns
int InferenceInstance::load(lua_State* L) {
  const std::string name = luaL_checkstring(L, 1);
  run_source(L, fmt::format("inference/{}", name), inference_source(name), lua_gettop(L) - 1);
  return 1;
}

// fail(message): raises it at the script's line
int InferenceInstance::fail(lua_State* L) {
  throw std::runtime_error(std::string(view_at(L, 1)));
}

// read_file(path) -> its bytes, or nil and what is wrong
int InferenceInstance::read_file(lua_State* L) {
  const std::filesystem::path path = self(L).host_.files().find(L, view_at(L, 1));
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  // A folder can be opened, too.
  if (file.is_open() && std::filesystem::is_regular_file(path)) {
    push_view(L, bytes);
    return 1;
  }
  lua_pushnil(L);
  lua_pushliteral(L, "no such file, or one that can't be read");
  return 2;
}

// info(text)
int InferenceInstance::info(lua_State* L) {
  self(L).host_.worker().log.info(view_at(L, 1));
  return 0;
}

// warn(text)
int InferenceInstance::warn(lua_State* L) {
  const std::string text(view_at(L, 1));
  self(L).host_.worker().log.limited(LogLevel::kWarning, text, text);
  return 0;
}

// error(text)
int InferenceInstance::error(lua_State* L) {
  self(L).host_.worker().log.error(view_at(L, 1));
  return 0;
}

// suggest(name, names) -> ` (did you mean "model"?)` or ""
int InferenceInstance::suggest(lua_State* L) {
  std::vector<std::string_view> known;
  for (size_t i = 1; i <= lua_objlen(L, 2); ++i) {
    lua_rawgeti(L, 2, static_cast<int>(i));
    known.push_back(view_at(L, -1));  // the list keeps it
    lua_pop(L, 1);
  }
  push_view(L, did_you_mean(view_at(L, 1), known));
  return 1;
}

// scale(factor, base): of the histogram
int InferenceInstance::scale(lua_State* L) {
  self(L).book_.set_scale({luaL_checknumber(L, 1), luaL_checknumber(L, 2)});
  return 0;
}

// client(start, warmup, window) -> its number
int InferenceInstance::client(lua_State* L) {
  const size_t number =
      self(L).book_.open(luaL_checknumber(L, 1), luaL_checknumber(L, 2), luaL_checknumber(L, 3));
  lua_pushnumber(L, static_cast<double>(number));
  return 1;
}

// add(client, frames, latency, end, passed)
int InferenceInstance::add(lua_State* L) {
  self(L).book_.add(static_cast<size_t>(luaL_checknumber(L, 1)),
                    {.frames = luaL_checknumber(L, 2),
                     .latency = luaL_checknumber(L, 3),
                     .end = luaL_checknumber(L, 4),
                     .passed = lua_toboolean(L, 5) != 0});
  return 0;
}

void set_number(lua_State* L, const char* name, double value) {
  lua_pushnumber(L, value);
  lua_setfield(L, -2, name);
}

void set_outcome(lua_State* L, const char* name, const Outcome& outcome) {
  lua_newtable(L);
  set_number(L, "batches", static_cast<double>(outcome.batches));
  set_number(L, "frames", outcome.frames);
  set_number(L, "latency", outcome.latency);
  set_number(L, "latency2", outcome.latency2);
  set_number(L, "max_latency", outcome.max_latency);
  lua_setfield(L, -2, name);
}

// series("total" | "warmup" | "window") -> its sums over all clients of the run
int InferenceInstance::series(lua_State* L) {
  const std::string_view name = view_at(L, 1);
  SeriesName which = SeriesName::kTotal;
  if (name == "warmup") which = SeriesName::kWarmup;
  if (name == "window") which = SeriesName::kWindow;
  const Series all = self(L).statistics_.series(which);
  lua_newtable(L);
  set_number(L, "clients", static_cast<double>(all.clients));
  set_number(L, "start", all.clients == 0 ? 0 : all.start);
  set_number(L, "stop", all.clients == 0 ? 0 : all.stop);
  set_number(L, "first_latency", all.first_latency);
  set_number(L, "netto_batch_rate", all.netto_batch_rate);
  set_number(L, "netto_frame_rate", all.netto_frame_rate);
  set_outcome(L, "passed", all.passed);
  set_outcome(L, "failed", all.failed);
  return 1;
}

// histogram() -> a list of { bucket, frames }, the lowest bucket first
int InferenceInstance::histogram(lua_State* L) {
  lua_newtable(L);
  int i = 0;
  for (const auto& [bucket, frames] : self(L).statistics_.histogram()) {
    lua_newtable(L);
    lua_pushnumber(L, static_cast<double>(bucket));
    lua_rawseti(L, -2, 1);
    lua_pushnumber(L, frames);
    lua_rawseti(L, -2, 2);
    lua_rawseti(L, -2, ++i);
  }
  return 1;
}

void InferenceInstance::push(lua_State* L) {
  lua_pushlightuserdata(L, this);
  lua_pushcclosure(L, bound<load>, 1);
  lua_pushliteral(L, "module");
  lua_newtable(L);
  const Function functions[] = {
      {"load", bound<load>},       {"fail", bound<fail>},     {"read_file", bound<read_file>},
      {"info", bound<info>},       {"warn", bound<warn>},     {"error", bound<error>},
      {"suggest", bound<suggest>}, {"scale", bound<scale>},   {"client", bound<client>},
      {"add", bound<add>},         {"series", bound<series>}, {"histogram", bound<histogram>}};
  set_functions(L, this, functions);
  for (const char* name : kModules) {
    host_.push_module(L, name);
    lua_setfield(L, -2, std::string_view(name).substr(8).data());
  }
  host_.push_module(L, "perigee");
  lua_setfield(L, -2, "core");
  push_call_guard(L);
  if (lua_pcall(L, 3, 1, 0) != 0) throw std::runtime_error(take_error(L));
}

}  // namespace

std::unique_ptr<Module::Instance> InferenceModule::open(ScriptHost& host) {
  return std::make_unique<InferenceInstance>(host, statistics_);
}

}  // namespace perigee
