#include "modules/k8s/module.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/http/header_fields.h"
#include "modules/k8s/background.h"
#include "modules/k8s/lua_sources.h"
#include "modules/k8s/vu_signals.h"
#include "scripting/binding.h"
#include "scripting/bindings/http_response.h"
#include "scripting/call_guard.h"
#include "scripting/credential_command.h"
#include "scripting/sandbox.h"
#include "scripting/script_host.h"
#include "scripting/vu_tables.h"

namespace perigee {
namespace {

constexpr size_t kLongestFile = 16U << 20U;

// Nearly all of the module is Lua (lua/module.lua is its beginning); this is what Lua cannot do.
class KubernetesInstance final : public Module::Instance {
 public:
  KubernetesInstance(ScriptHost& host, const KubernetesMetricIds& ids,
                     const KubernetesModule::Environment& environment, Throttles& throttles)
      : host_(host),
        ids_(ids),
        environment_(environment),
        throttles_(throttles),
        metrics_(host.worker().shard),
        signals_(host),
        background_(host),
        tables_(host) {}

  void push(lua_State* L) override;

 private:
  static KubernetesInstance& self(lua_State* L) { return upvalue<KubernetesInstance>(L); }

  static int load(lua_State* L);
  static int fail(lua_State* L);
  static int variable(lua_State* L);
  static int read_file(lua_State* L);
  static int run(lua_State* L);
  static int now(lua_State* L);
  static int warn(lua_State* L);
  static int context(lua_State* L);
  static int record(lua_State* L);
  static int record_call(lua_State* L);
  static int record_request(lua_State* L);
  static int warnings(lua_State* L);
  static int take_turn(lua_State* L);
  static int own_table(lua_State* L);
  static int as_init(lua_State* L);
  static int await(lua_State* L);
  static int notify(lua_State* L);
  static int notify_all(lua_State* L);
  static int awaited(lua_State* L);
  static int start_background(lua_State* L);

  void push_metrics(lua_State* L);
  Loop& loop() { return host_.worker().loop; }

  ScriptHost& host_;
  const KubernetesMetricIds& ids_;
  const KubernetesModule::Environment& environment_;
  Throttles& throttles_;
  KubernetesMetrics metrics_;
  VuSignals signals_;
  Background background_;
  VuTables tables_;
};

// load(name, ...) -> what the module's source of this name returns
int KubernetesInstance::load(lua_State* L) {
  const std::string name = luaL_checkstring(L, 1);
  run_source(L, fmt::format("k8s/{}", name), kubernetes_source(name), lua_gettop(L) - 1);
  return 1;
}

// fail(message): raises it at the script's line
int KubernetesInstance::fail(lua_State* L) {
  throw std::runtime_error(std::string(view_at(L, 1)));
}

// variable(name) -> its value in the environment, or nil
int KubernetesInstance::variable(lua_State* L) {
  const auto value = self(L).environment_(luaL_checkstring(L, 1));
  if (!value) return 0;
  push_view(L, *value);
  return 1;
}

// read_file(path) -> its text, or nil
int KubernetesInstance::read_file(lua_State* L) {
  std::ifstream file(luaL_checkstring(L, 1), std::ios::binary);
  if (!file) return 0;
  std::string text;
  char buffer[4096];
  while (text.size() < kLongestFile && (file.read(buffer, sizeof buffer) || file.gcount() > 0))
    text.append(buffer, static_cast<size_t>(file.gcount()));
  push_view(L, text);
  return 1;
}

// run(words, environment) -> what the program wrote, or nil and what went wrong
int KubernetesInstance::run(lua_State* L) {
  CredentialCommand command;
  for (size_t i = 1; i <= lua_objlen(L, 1); ++i) {
    lua_rawgeti(L, 1, static_cast<int>(i));
    command.words.emplace_back(view_at(L, -1));
    lua_pop(L, 1);
  }
  for (lua_pushnil(L); lua_next(L, 2) != 0; lua_pop(L, 1))
    command.environment.emplace_back(view_at(L, -2), view_at(L, -1));
  try {
    push_view(L, run_credential_command(command));
    return 1;
  } catch (const std::runtime_error& error) {
    lua_pushnil(L);
    push_view(L, error.what());
    return 2;
  }
}

// now() -> milliseconds of a clock that never goes back
int KubernetesInstance::now(lua_State* L) {
  lua_pushnumber(L, to_ms(self(L).loop().now().time_since_epoch()));
  return 1;
}

// warn(text)
int KubernetesInstance::warn(lua_State* L) {
  const std::string text(view_at(L, 1));
  self(L).host_.worker().log.limited(LogLevel::kWarning, text, text);
  return 0;
}

// context() -> what `record` takes for the tags that the VU has now
int KubernetesInstance::context(lua_State* L) {
  lua_pushnumber(L, self(L).host_.vu().context());
  return 1;
}

// record(metric, value, key, tags, context): the key names the tags
int KubernetesInstance::record(lua_State* L) {
  KubernetesInstance& instance = self(L);
  const auto metric = static_cast<MetricId>(lua_tonumber(L, 1));
  const TagSetId context = lua_isnoneornil(L, 5) ? instance.host_.vu().context()
                                                 : static_cast<TagSetId>(lua_tonumber(L, 5));
  WorkerContext& worker = instance.host_.worker();
  const SeriesId series = instance.metrics_.series(L, metric, context, view_at(L, 3), 4);
  worker.shard.add(series, lua_tonumber(L, 2), worker.loop.recent());
  return 0;
}

// record_request(number, verb, resource, began, succeeded): the number stands for both words; the
// sample of a failure is left to `record`, as it has a reason.
int KubernetesInstance::record_request(lua_State* L) {
  KubernetesInstance& instance = self(L);
  WorkerContext& worker = instance.host_.worker();
  const auto& request = instance.metrics_.request(instance.ids_, instance.host_.vu().context(),
                                                  static_cast<uint32_t>(lua_tonumber(L, 1)),
                                                  view_at(L, 2), view_at(L, 3));
  const Instant now = worker.loop.recent();
  worker.shard.add(request.count, 1, now);
  const double ms = to_ms(worker.loop.now().time_since_epoch()) - lua_tonumber(L, 4);
  worker.shard.add(request.duration, ms, now);
  if (lua_toboolean(L, 5) != 0) worker.shard.add(request.failed, 0, now);
  return 0;
}

// record_call(number, verb, resource, achieved): one that a script makes, and that it has ended
// well
int KubernetesInstance::record_call(lua_State* L) {
  KubernetesInstance& instance = self(L);
  WorkerContext& worker = instance.host_.worker();
  const auto& series = instance.metrics_.request(instance.ids_, instance.host_.vu().context(),
                                                 static_cast<uint32_t>(lua_tonumber(L, 1)),
                                                 view_at(L, 2), view_at(L, 3));
  const bool is_achieved = lua_toboolean(L, 4) != 0;
  worker.shard.add(is_achieved ? series.achieved : series.requested, 1, worker.loop.recent());
  return 0;
}

// warnings(response) -> the server's, or nil
int KubernetesInstance::warnings(lua_State* L) {
  const std::string text = http::joined_fields(response_fields(L, 1), "warning");
  if (text.empty()) return 0;
  push_view(L, text);
  return 1;
}

// take_turn(name, qps, burst, most) -> the seconds until the caller may send a request by this
// throttle, or nil if these are more than `most` milliseconds
int KubernetesInstance::take_turn(lua_State* L) {
  KubernetesInstance& instance = self(L);
  Throttle& throttle = instance.throttles_.of(std::string(view_at(L, 1)), lua_tonumber(L, 2),
                                              static_cast<int64_t>(lua_tonumber(L, 3)));
  const Instant now = instance.loop().now();
  const auto turn =
      throttle.reserve(now, now + Duration(static_cast<int64_t>(lua_tonumber(L, 4) * 1e6)));
  if (!turn) return 0;
  lua_pushnumber(L, std::chrono::duration<double>(*turn - now).count());
  return 1;
}

// own_table() -> the table of the VU that runs
int KubernetesInstance::own_table(lua_State* L) {
  self(L).tables_.push(L);
  return 1;
}

// as_init(f, argument) -> what it returns; it may do what is for init code
int KubernetesInstance::as_init(lua_State* L) {
  lua_settop(L, 2);
  const LuaVu::InitScope scope(self(L).host_.vu());
  lua_call(L, 1, 1);
  return 1;
}

// await(name, ms) -> whether somebody has notified, rather than the time is over
int KubernetesInstance::await(lua_State* L) {
  KubernetesInstance& instance = self(L);
  LuaVu& vu = instance.host_.vu_for("k8s.wait");
  std::optional<Instant> until;
  if (!lua_isnoneornil(L, 2)) {
    until = instance.loop().now() + Duration(static_cast<int64_t>(lua_tonumber(L, 2) * 1e6));
  }
  return instance.signals_.await(L, vu, std::string(view_at(L, 1)), until);
}

// notify(name)
int KubernetesInstance::notify(lua_State* L) {
  self(L).signals_.notify(std::string(view_at(L, 1)));
  return 0;
}

// notify_all(prefix)
int KubernetesInstance::notify_all(lua_State* L) {
  self(L).signals_.notify_all(std::string(view_at(L, 1)));
  return 0;
}

// awaited(prefix) -> whether a VU waits for such a signal
int KubernetesInstance::awaited(lua_State* L) {
  lua_pushboolean(L, self(L).signals_.awaited(std::string(view_at(L, 1))) ? 1 : 0);
  return 1;
}

// background(f)
int KubernetesInstance::start_background(lua_State* L) {
  self(L).background_.start(L, 1);
  return 0;
}

// The metrics' numbers by their names.
void KubernetesInstance::push_metrics(lua_State* L) {
  lua_newtable(L);
  for (const auto& [name, id] : ids_.all()) {
    push_view(L, name);
    lua_pushnumber(L, id);
    lua_rawset(L, -3);
  }
}

void KubernetesInstance::push(lua_State* L) {
  lua_pushlightuserdata(L, this);
  lua_pushcclosure(L, bound<load>, 1);
  lua_pushliteral(L, "module");
  lua_newtable(L);
  const Function functions[] = {{"load", bound<load>},
                                {"fail", bound<fail>},
                                {"variable", bound<variable>},
                                {"read_file", bound<read_file>},
                                {"run", bound<run>},
                                {"now", bound<now>},
                                {"warn", bound<warn>},
                                {"context", bound<context>},
                                {"record", bound<record>},
                                {"own_table", bound<own_table>},
                                {"record_call", bound<record_call>},
                                {"record_request", bound<record_request>},
                                {"warnings", bound<warnings>},
                                {"take_turn", bound<take_turn>},
                                {"as_init", bound<as_init>},
                                {"await", bound<await>},
                                {"notify_all", bound<notify_all>},
                                {"awaited", bound<awaited>},
                                {"notify", bound<notify>},
                                {"background", bound<start_background>}};
  set_functions(L, this, functions);
  push_metrics(L);
  lua_setfield(L, -2, "metrics");
  for (const char* name : {"http", "json", "yaml", "encoding", "websocket"}) {
    host_.push_module(L, std::string("perigee.") + name);
    lua_setfield(L, -2, name);
  }
  host_.push_module(L, "perigee");
  lua_setfield(L, -2, "core");
  push_call_guard(L);
  if (lua_pcall(L, 3, 1, 0) != 0) throw std::runtime_error(take_error(L));
}

}  // namespace

void KubernetesModule::declare(MetricRegistry& registry) {
  ids_ = KubernetesMetricIds::declare(registry);
}

std::unique_ptr<Module::Instance> KubernetesModule::open(ScriptHost& host) {
  return std::make_unique<KubernetesInstance>(host, ids_, environment_, throttles_);
}

}  // namespace perigee
