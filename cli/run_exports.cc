#include "cli/run_exports.h"

namespace perigee {

std::unique_ptr<exports::Exports> open_exports(const RunPlan& plan, const Script& script,
                                               const Environment& environment,
                                               const std::string& where, Log& log) {
  const auto id = script.env.find("PERIGEE_RUN_ID");
  return exports::Exports::open(
      plan.options.outputs,
      {.registry = plan.registry,
       .run = {.version = PERIGEE_VERSION,
               .script = script.path,
               .id = id == script.env.end() ? "" : id->second,
               .tags = run_tags(plan.options)},
       .log = log,
       .variables = [&](std::string_view name) { return find_variable(environment, name); },
       .beginning = [&](std::string_view prefix) { return find_variables(environment, prefix); },
       .where = where});
}

}  // namespace perigee
