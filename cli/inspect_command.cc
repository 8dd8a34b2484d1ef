#include "cli/inspect_command.h"

#include <algorithm>

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
#include "engine/execution/options_json.h"

namespace perigee {
namespace {

// The flags as they are declared; must outlive the parsing.
struct InspectFlags {
  InspectFlags()
      : app("Prints the options of a script as JSON.", "perigee inspect"),
        reader(app, /*sees_environment=*/false) {
    app.add_flag("--execution-requirements", requirements,
                 "add how long the run lasts at most and how many VUs it needs");
  }

  CLI::App app;
  RunFlagReader reader;
  bool requirements = false;
};

Duration end_of(const Scenario& scenario) {
  return scenario.start_time + scenario.duration() + scenario.graceful_stop;
}

Duration total_duration(const Options& options) {
  Duration longest{};
  for (const Scenario& scenario : options.scenarios)
    longest = std::max(longest, end_of(scenario));
  return longest;
}

// The most VUs that the scenarios may have at one time. It can only rise when one starts.
int64_t max_vus(const Options& options) {
  int64_t most = 0;
  for (const Scenario& rising : options.scenarios) {
    int64_t vus = 0;
    for (const Scenario& other : options.scenarios) {
      const bool overlaps =
          other.start_time <= rising.start_time && rising.start_time < end_of(other);
      if (overlaps) vus += other.max_vus();
    }
    most = std::max(most, vus);
  }
  return most;
}

}  // namespace

int inspect_command(int argc, const char* const* argv) {
  InspectFlags declared;
  if (!parse_command_line(declared.app, argc, argv)) return 0;
  const RunFlags flags = declared.reader.read(process_environment());
  Log log(flags.verbose ? LogLevel::kDebug : LogLevel::kInfo);
  Script script = load_script(locate_script(flags.script), flags.env);
  script.jit = flags.jit;
  const Modules modules = make_modules();
  Watchdog watchdog(flags.no_yield_limit);
  RunPlan plan;
  plan.builtins = declare_builtins(plan.registry);
  for (const auto& module : modules)
    module->declare(plan.registry);
  const auto description = describe_script(script, modules, watchdog, plan, log);
  if (!description) return static_cast<int>(ExitCode::kScriptAborted);
  const RunOptions run = assemble_options(flags, script, *description);
  for (const std::string& warning : run.warnings)
    log.warning(warning);
  make_thresholds(run, plan.registry, !flags.no_thresholds);
  nlohmann::json result = to_json(run.options);
  if (declared.requirements) {
    result["totalDuration"] = format_duration(total_duration(run.options));
    result["maxVUs"] = max_vus(run.options);
  }
  fmt::print("{}\n", result.dump(2));
  return 0;
}

std::vector<FlagDescription> inspect_flags() {
  return describe_flags(InspectFlags().app);
}

}  // namespace perigee
