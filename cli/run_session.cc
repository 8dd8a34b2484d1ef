#include "cli/run_session.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/describe_script.h"
#include "cli/linger.h"
#include "cli/modules.h"
#include "cli/progress.h"
#include "cli/results/result_file.h"
#include "cli/results/run_reports.h"
#include "cli/run_exports.h"
#include "cli/run_options.h"
#include "engine/base/config_error.h"
#include "engine/base/cpus.h"
#include "engine/execution/run.h"
#include "engine/execution/segment_scenarios.h"
#include "engine/metrics/snapshot_recorders.h"
#include "engine/net/local_addresses.h"
#include "engine/net/tls_context.h"
#include "engine/output/file_writer.h"
#include "engine/output/outputs.h"
#include "scripting/script_description.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// Everything that lives as long as the command.
struct Session {
  Session(RunFlags given, Script loaded, Log& told)
      : flags(std::move(given)),
        log(told),
        watchdog(flags.no_yield_limit),
        script(std::move(loaded)),
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
  for (const Scenario& scenario : session.run.options.scenarios)
    session.log.hide(scenario.env);
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

// Bad certificates end the program before the run begins.
// A terminal that can't move its cursor gets a line now and then, as a file does.
bool draws_in_place(std::FILE* out, const Environment& environment) {
  const auto kind = environment.find("TERM");
  const bool is_dumb = kind != environment.end() && kind->second == "dumb";
  return isatty(fileno(out)) != 0 && !is_dumb;
}

void prepare_tls(NetOptions& net, const Environment& environment) {
  const auto key_log = environment.find("SSLKEYLOGFILE");
  if (key_log != environment.end()) net.tls.key_log = key_log->second;
  net.tls_context = std::make_shared<const TlsContext>(net.tls);
}

int64_t most_vus(const Session& session) {
  int64_t vus = 0;
  for (const Scenario& scenario : session.plan.options.scenarios)
    vus += scenario.max_vus();
  return vus;
}

uint32_t choose_workers(const Session& session) {
  const int64_t vus = most_vus(session);
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

std::string name_of_outputs(const RunOptions& run) {
  const auto named = run.names.find("out");
  return named == run.names.end() ? "--out" : named->second;
}

// Better a bad path now than a lost summary in the end.
void try_summary_export(const RunFlags& flags) {
  if (flags.summary_export.empty()) return;
  try {
    open_writer(flags.summary_export)->close();
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", setting_name(flags, "summaryExport"), error.what()));
  }
}

// Of a script that a command has made: its lines and its stack say nothing to people.
std::string without_places(std::string error, const std::string& script) {
  error.erase(std::min(error.find("\nstack traceback:"), error.size()));
  const std::string mark = script + ":";
  for (size_t at = error.find(mark); at != std::string::npos; at = error.find(mark, at)) {
    const size_t end = error.find(": ", at + mark.size());
    if (end == std::string::npos) break;
    error.erase(at, end + 2 - at);
  }
  // Nor does the function that the script has called.
  for (const char* object : {"client:", "inference_load:"}) {
    if (error.starts_with(object)) error.erase(0, error.find(": ") + 2);
  }
  return error;
}

// Errors name what sets the outputs.
std::unique_ptr<results::ResultsRecorder> open_named_result_file(const Session& session,
                                                                 const results::Header& header) {
  try {
    return open_result_file(session.plan, header);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", name_of_outputs(session.run), error.what()));
  }
}

// What was lost is no failure of the run: its own figures are complete.
void finish_exports(exports::Exports& exports, RunResult& result, Log& log) {
  for (std::string& sentence : exports.finish()) {
    log.warning(sentence);
    result.warnings.push_back(std::move(sentence));
  }
}

void finish_result_file(results::ResultsRecorder& file, RunResult& result) {
  end_result_file(file, result);
  if (!file.error().empty()) result.output_errors.push_back("results: " + file.error());
}

void report_end(Log& log, const RunResult& result, const std::string& outputs) {
  if (result.end == RunEnd::kScriptAbort) {
    log.error(fmt::format("aborted by the script: {}", result.error));
  } else if (!result.error.empty()) {
    log.error(result.error);
  }
  for (const std::string& error : result.output_errors)
    log.error(fmt::format("{}: {}", outputs, error));
}

// "checks (rate==1), http_req_duration (p(95)<200, max<500)".
std::string failed_thresholds(const Summary& summary) {
  std::vector<std::string> failed;
  for (const SummaryMetric& metric : summary.metrics) {
    std::vector<std::string_view> expressions;
    for (const SummaryThreshold& threshold : metric.thresholds) {
      if (!threshold.ok) expressions.push_back(threshold.source);
    }
    if (expressions.empty()) continue;
    failed.push_back(fmt::format("{} ({})", metric.name, fmt::join(expressions, ", ")));
  }
  return fmt::format("{}", fmt::join(failed, ", "));
}

// Who hears of the run beside its aggregator.
SnapshotRecorders recorders_of(results::ResultsRecorder* file, RunReports& reports,
                               exports::Exports* exports) {
  SnapshotRecorders recorders;
  if (file != nullptr) recorders.add_recorder(*file);
  if (!reports.empty()) recorders.add_recorder(reports.series());
  if (exports != nullptr) recorders.add_recorder(exports->recorder());
  return recorders;
}

// The warnings are those of the summary, which has more of them.
ExitCode write_reports(RunReports& reports, const EndedRun& ended, const Summary& summary) {
  if (reports.empty()) return ExitCode::kOk;
  results::End end = result_end(ended.result);
  end.warnings = summary.warnings;
  const std::vector<std::string> errors = reports.write(ended.aggregator, summary, std::move(end));
  for (const std::string& error : errors)
    ended.log.error(error);
  return errors.empty() ? ExitCode::kOk : ExitCode::kUnclassified;
}

ExitCode finish(Session& session, const Run& run, RunResult& result, bool has_handler,
                RunReports& reports, RunTeller& teller) {
  if (session.flags.stands_alone) {
    result.error = without_places(std::move(result.error), session.script.path);
  }
  report_end(session.log, result, name_of_outputs(session.run));
  const EndedRun ended{session.flags,    session.plan,     session.script,
                       session.modules,  has_handler,      session.log,
                       session.watchdog, run.aggregator(), result};
  const Summary summary = summarise(ended);
  const ExitCode written = write_reports(reports, ended, summary);
  ExitCode told = teller.end(ended, summary);
  if (told == ExitCode::kOk) told = written;
  if (result.end != RunEnd::kComplete) return exit_code_of(result.end);
  if (result.marked_failed) return ExitCode::kMarkedFailed;
  if (summary.thresholds_failed()) {
    session.log.error("thresholds have failed: " + failed_thresholds(summary));
    return ExitCode::kThresholdsFailed;
  }
  if (told == ExitCode::kOk && !result.output_errors.empty()) return ExitCode::kUnclassified;
  return told;
}

void plan_run(Session& session, const ScriptDescription& description) {
  read_options(session, description);
  session.script.opened = description.opened;
  session.script.required = description.required;
  take_segment(session);
  RunPlan& plan = session.plan;
  plan.workers = choose_workers(session);
  plan.make_factory = [&session](WorkerContext& worker) {
    return std::make_unique<ScriptHost>(session.script, session.modules, worker, session.watchdog,
                                        /*declaring=*/nullptr);
  };
  plan.output_overflow = session.flags.output_overflow;
}

// An `if` may guard a name that is nowhere defined: the run goes on. Fields of modules that there
// are not are errors where they are read.
std::optional<ScriptDescription> describe(Session& session) {
  std::vector<NameFault> faults;
  auto description = describe_script(session.script, session.modules, session.watchdog,
                                     session.plan, session.log, faults);
  for (const NameFault& fault : faults) {
    if (fault.is_name) session.log.warning(fault.text);
  }
  return description;
}

}  // namespace

int run_session(RunFlags flags, Script script, const Environment& environment, Log& log,
                RunTeller& teller) {
  Session session(std::move(flags), std::move(script), log);
  RunPlan& plan = session.plan;
  plan.builtins = declare_builtins(plan.registry);
  for (auto& module : session.modules)
    module->declare(plan.registry);
  const auto description = describe(session);
  if (!description) return static_cast<int>(ExitCode::kScriptAborted);
  plan_run(session, *description);
  prepare_tls(plan.options.net, environment);
  LocalAddresses(plan.options.net.local_ips).check(static_cast<uint64_t>(most_vus(session)));
  ThresholdSet thresholds =
      make_thresholds(session.run, plan.registry, !session.flags.no_thresholds);
  warn_about_size(session);
  auto outputs =
      open_outputs(plan.options.outputs,
                   {plan.registry, thresholds, plan.options.system_tags, TimeOrigin::now(),
                    &session.log, name_of_outputs(session.run)},
                   [&](std::string_view name) { return find_variable(environment, name); });
  const results::Header header = result_header(plan, session.script, thresholds);
  const auto result_file = open_named_result_file(session, header);
  RunReports reports(session.flags.reports, plan.registry, header);
  const auto exports =
      open_exports(plan, session.script, environment, name_of_outputs(session.run), session.log);
  SnapshotRecorders recorders = recorders_of(result_file.get(), reports, exports.get());
  try_summary_export(session.flags);
  teller.begin(session.script, plan);
  std::optional<Progress> progress;
  if (std::FILE* out = teller.progress(); out != nullptr) {
    progress.emplace(out, draws_in_place(out, environment), session.log);
  }
  Run run(plan, std::move(thresholds), session.log, std::move(outputs),
          progress ? &*progress : nullptr, recorders.empty() ? nullptr : &recorders);
  RunResult result = run.execute();
  progress.reset();
  if (exports) finish_exports(*exports, result, session.log);
  if (result_file) finish_result_file(*result_file, result);
  const ExitCode code =
      teller.finished(session.flags, plan,
                      finish(session, run, result,
                             description->functions.count("handleSummary") > 0, reports, teller));
  std::fflush(nullptr);
  // After a signal people want the end.
  if (plan.options.linger && result.end != RunEnd::kSignal) linger(session.log);
  // The program's usual end would wait for what can't be taken back.
  if (result.leaves_something) _exit(static_cast<int>(code));
  return static_cast<int>(code);
}

}  // namespace perigee
