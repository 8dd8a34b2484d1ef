#include "cli/run_command.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/describe_script.h"
#include "cli/exit_code.h"
#include "cli/linger.h"
#include "cli/modules.h"
#include "cli/progress.h"
#include "cli/run_flags.h"
#include "cli/run_log.h"
#include "cli/run_options.h"
#include "cli/run_summary.h"
#include "cli/share.h"
#include "cli/standard_output.h"
#include "engine/base/config_error.h"
#include "engine/base/cpus.h"
#include "engine/base/duration.h"
#include "engine/execution/run.h"
#include "engine/execution/segment_scenarios.h"
#include "engine/execution/vu_needs.h"
#include "engine/output/file_writer.h"
#include "engine/output/outputs.h"
#include "scripting/script_description.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// Everything that lives as long as the command.
struct Session {
  Session(RunFlags given, Log& told)
      : flags(std::move(given)),
        log(told),
        watchdog(flags.no_yield_limit),
        script(load_script(locate_script(flags.script), flags.env)),
        modules(make_modules()) {
    script.jit = flags.jit;
  }

  RunFlags flags;
  Log& log;
  Watchdog watchdog;
  Script script;
  Modules modules;
  RunPlan plan;
  RunOptions run;
};

void read_options(Session& session, const ScriptDescription& description) {
  session.run = assemble_options(session.flags, session.script, description);
  for (const std::string& warning : session.run.warnings)
    session.log.warning(warning);
  session.plan.options = session.run.options;
  session.plan.has_setup = description.functions.count("setup") > 0;
  session.plan.has_teardown = description.functions.count("teardown") > 0;
}

// From here on the scenarios are those of this process's part of the test.
void take_segment(Session& session) {
  Options& options = session.plan.options;
  options.scenarios = scenarios_of_segment(options.scenarios, options.segment.share());
  if (!options.scenarios.empty()) return;
  session.log.warning(
      fmt::format("nothing of the test falls to its segment {}", options.segment.text()));
}

uint32_t choose_workers(const Session& session) {
  int64_t vus = 0;
  for (const Scenario& scenario : session.plan.options.scenarios)
    vus += scenario.max_vus();
  const auto wanted = static_cast<int64_t>(
      session.flags.workers != 0 ? session.flags.workers : static_cast<uint32_t>(usable_cpus()));
  return static_cast<uint32_t>(std::clamp<int64_t>(wanted, 1, std::max<int64_t>(vus, 1)));
}

void warn_about_size(Session& session) {
  for (const Scenario& scenario : session.plan.options.scenarios) {
    const auto each = static_cast<uint64_t>(scenario.max_vus()) / session.plan.workers;
    if (each <= limits::kVusPerWorkerWarning) continue;
    session.log.warning(fmt::format(
        "scenario {} has {} VUs for each worker: above {} the garbage collector's pauses last "
        "longer than a millisecond (use more workers)",
        scenario.name, each, limits::kVusPerWorkerWarning));
  }
}

void print_description(const Session& session) {
  const Options& options = session.plan.options;
  const ExecutionRequirements needs = execution_requirements(options.scenarios);
  std::string text =
      fmt::format("  script: {}\n  workers: {}\n", session.script.path, session.plan.workers);
  for (const std::string& output : options.outputs)
    text += fmt::format("  output: {}\n", output);
  text +=
      fmt::format("\n  scenarios: {}, {} max VUs, {} max duration (incl. graceful stop):\n",
                  options.scenarios.size(), needs.max_vus, format_duration(needs.total_duration));
  for (const Scenario& scenario : options.scenarios)
    text += fmt::format("    * {}: {}\n", scenario.name, scenario.describe());
  // Nobody who listens is no reason not to run.
  write_standard_output(session.log.redacted(text + '\n'));
}

void report_end(Log& log, const RunResult& result) {
  if (result.end == RunEnd::kScriptAbort) {
    log.error(fmt::format("aborted by the script: {}", result.error));
  } else if (!result.error.empty()) {
    log.error(result.error);
  }
  for (const std::string& error : result.output_errors)
    log.error(error);
}

ExitCode finish(Session& session, const Run& run, const RunResult& result, bool has_handler) {
  report_end(session.log, result);
  const EndedRun ended{session.flags,    session.plan,     session.script,
                       session.modules,  has_handler,      session.log,
                       session.watchdog, run.aggregator(), result};
  const Summary summary = summarise(ended);
  const Told told = tell_summary(ended, summary);
  if (result.end != RunEnd::kComplete) return exit_code_of(result.end);
  if (result.marked_failed) return ExitCode::kMarkedFailed;
  if (summary.thresholds_failed()) {
    session.log.error("thresholds have failed");
    return ExitCode::kThresholdsFailed;
  }
  if (told == Told::kReaderGone) return ExitCode::kOutputClosed;
  const bool written = told == Told::kAll && result.output_errors.empty();
  return written ? ExitCode::kOk : ExitCode::kUnclassified;
}

int run_script(RunFlags flags, const Environment& environment, Log& log) {
  Session session(std::move(flags), log);
  RunPlan& plan = session.plan;
  plan.builtins = declare_builtins(plan.registry);
  for (auto& module : session.modules)
    module->declare(plan.registry);
  const auto description =
      describe_script(session.script, session.modules, session.watchdog, plan, session.log);
  if (!description) return static_cast<int>(ExitCode::kScriptAborted);
  read_options(session, *description);
  take_segment(session);
  plan.workers = choose_workers(session);
  plan.make_factory = [&](WorkerContext& worker) {
    return std::make_unique<ScriptHost>(session.script, session.modules, worker, session.watchdog,
                                        /*declaring=*/nullptr);
  };
  ThresholdSet thresholds =
      make_thresholds(session.run, plan.registry, !session.flags.no_thresholds);
  warn_about_size(session);
  plan.output_overflow = session.flags.output_overflow;
  auto outputs =
      open_outputs(plan.options.outputs,
                   {plan.registry, thresholds, plan.options.system_tags, TimeOrigin::now()},
                   [&](std::string_view name) { return find_variable(environment, name); });
  // Better a bad path now than a lost summary in the end.
  if (!session.flags.summary_export.empty()) open_writer(session.flags.summary_export)->close();
  if (!session.flags.quiet) print_description(session);
  std::optional<Progress> progress;
  if (!session.flags.quiet) progress.emplace(stdout, isatty(STDOUT_FILENO) != 0, session.log);
  Run run(plan, std::move(thresholds), session.log, std::move(outputs),
          progress ? &*progress : nullptr);
  const RunResult result = run.execute();
  progress.reset();
  const ExitCode code =
      finish(session, run, result, description->functions.count("handleSummary") > 0);
  std::fflush(nullptr);
  // After a signal people want the end.
  if (plan.options.linger && result.end != RunEnd::kSignal) linger(session.log);
  // The program's usual end would wait for what can't be taken back.
  if (result.leaves_something) _exit(static_cast<int>(code));
  return static_cast<int>(code);
}

}  // namespace

int run_command(int argc, const char* const* argv) {
  RunFlags flags;
  const Environment environment = process_environment();
  if (!parse_run_flags(argc, argv, environment, flags)) return 0;
  Log log(run_log_settings(flags));
  const auto report = [&log](const std::exception& error, ExitCode code) {
    log.error(error.what());
    return static_cast<int>(code);
  };
  try {
    return run_script(std::move(flags), environment, log);
  } catch (const ConfigError& error) {
    return report(error, ExitCode::kInvalidConfig);
  } catch (const ScriptError& error) {
    return report(error, ExitCode::kScriptFailed);
  }
}

}  // namespace perigee
