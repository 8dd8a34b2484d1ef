#include "scripting/bindings/refusal_pause.h"

#include <fmt/format.h>

#include "engine/base/limits.h"

namespace perigee {

bool may_pause_refused(ScriptHost& host, const LuaVu& vu) {
  const ScenarioRun* run = vu.run();
  if (run != nullptr && run->scenario.is_open()) return false;
  WorkerContext& worker = host.worker();
  if (!worker.state.refusals_reported.exchange(true)) {
    worker.log.warning(fmt::format(
        "{} requests in a row have reached no server: further ones wait before they fail, 10 ms "
        "at first and {} s at most, so that the VUs do not spin",
        limits::kRefusals, limits::kRefusedPause.count()));
  }
  return true;
}

}  // namespace perigee
