#include "cli/describe_script.h"

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// Stops a script that calls abort() while it is looked at for the first time.
class InitControl final : public RunControl {
 public:
  void abort_from_script(const std::string& message) override { aborted_ = message; }
  // Init code can't call it.
  void fail_from_script(const std::string& /*message*/) override {}
  const std::optional<std::string>& aborted() const { return aborted_; }

 private:
  std::optional<std::string> aborted_;
};

}  // namespace

std::optional<ScriptDescription> describe_script(const Script& script, const Modules& modules,
                                                 Watchdog& watchdog, RunPlan& plan, Log& log,
                                                 std::vector<NameFault>& faults) {
  Loop loop;
  const Options options;
  RunState state(0, 1);
  InitControl control;
  MetricShard shard(plan.registry);
  WorkerContext worker{0,       1,        loop, shard, plan.registry, plan.builtins,
                       options, TagSet(), log,  state, control};
  try {
    ScriptHost host(script, modules, worker, watchdog, &plan.registry);
    const ScriptDescription description = host.describe();
    faults = host.name_faults();
    return description;
  } catch (const ScriptError&) {
    if (!control.aborted()) throw;
    log.error(fmt::format("aborted by the script: {}", *control.aborted()));
    return std::nullopt;
  }
}

}  // namespace perigee
