#include "cli/inspect_command.h"

#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "cli/describe_script.h"
#include "cli/exit_code.h"
#include "cli/modules.h"
#include "cli/run_flags.h"
#include "cli/run_options.h"
#include "cli/share.h"
#include "engine/base/duration.h"
#include "engine/base/json_text.h"
#include "engine/execution/options_json.h"
#include "engine/execution/vu_needs.h"

namespace perigee {
namespace {

// The flags as they are declared; must outlive the parsing.
struct InspectFlags {
  InspectFlags()
      : app("Prints the options of a script as JSON.", "perigee inspect"),
        reader(app, /*sees_environment=*/false) {
    app.add_flag("--execution-requirements", requirements,
                 "add how long the run lasts at most and how many VUs it needs");
    app.add_flag(
        "--check", check,
        "look through all functions for names that are nowhere defined, and for fields that "
        "modules have not");
  }

  CLI::App app;
  RunFlagReader reader;
  bool requirements = false;
  bool check = false;
};

}  // namespace

int inspect_command(int argc, const char* const* argv) {
  InspectFlags declared;
  if (!parse_command_line(declared.app, argc, argv)) return 0;
  const Environment environment = process_environment();
  const RunFlags flags = declared.reader.read(environment);
  Redactor redactor(environment);
  redactor.learn(flags.env);
  Log log({.lowest = flags.verbose ? LogLevel::kDebug : LogLevel::kInfo,
           .redactor = std::move(redactor)});
  Script script = load_script(locate_script(flags.script), flags.env);
  script.jit = flags.jit;
  const Modules modules = make_modules();
  Watchdog watchdog(flags.no_yield_limit);
  RunPlan plan;
  plan.builtins = declare_builtins(plan.registry);
  for (const auto& module : modules)
    module->declare(plan.registry);
  std::vector<NameFault> faults;
  const auto description = describe_script(script, modules, watchdog, plan, log, faults);
  if (!description) return static_cast<int>(ExitCode::kScriptAborted);
  if (declared.check && !faults.empty()) {
    for (const NameFault& fault : faults)
      log.error(fault.text);
    return static_cast<int>(ExitCode::kInvalidConfig);
  }
  const RunOptions run = assemble_options(flags, script, *description);
  for (const std::string& warning : run.warnings)
    log.warning(warning);
  make_thresholds(run, plan.registry, !flags.no_thresholds);
  nlohmann::json result = to_json(run.options);
  if (declared.requirements) {
    const ExecutionRequirements needs = execution_requirements(run.options.scenarios);
    result["totalDuration"] = format_duration(needs.total_duration);
    result["maxVUs"] = needs.max_vus;
  }
  fmt::print("{}\n", json_text(result, 2));
  return 0;
}

std::vector<FlagDescription> inspect_flags() {
  return describe_flags(InspectFlags().app);
}

}  // namespace perigee
