// What tests of scenarios with the target's scheduler share.
#pragma once

#include <map>
#include <string>

#include <doctest/doctest.h>

#include "tests/scenarios/scenario_run.h"
#include "tests/support/target_process.h"

namespace perigee {

using Environment = std::map<std::string, std::string>;

inline constexpr int kScriptFailed = 107;

// Both endpoints of the target and its scheduler, which is at the same address.
inline Process::Options scheduled(const TargetProcess& target, Environment environment = {}) {
  Environment all = target.environment().environment;
  all["SCHEDULER_ENDPOINT"] = all.at("INFER_GRPC_ENDPOINT");
  all["MODEL_TYPE"] = "iris";
  environment.merge(all);
  return {.environment = std::move(environment)};
}

// How often a method of the scheduler, or of its proxy, was called.
inline uint64_t scheduler_calls(const TargetProcess& target, const std::string& method) {
  const auto methods = target.stats()["grpc"]["methods"];
  for (const auto& [name, count] : methods.items()) {
    if (name.ends_with("Scheduler/" + method) || name.ends_with("SchedulerProxy/" + method))
      return count.get<uint64_t>();
  }
  return 0;
}

// Checks that the run has not begun, or not gone on, and has said why.
inline void check_refused(const ScenarioRun& run, const std::string& words) {
  INFO(run.process.err);
  CHECK(run.process.exit_code == kScriptFailed);
  CHECK(run.process.err.find(words) != std::string::npos);
}

}  // namespace perigee
