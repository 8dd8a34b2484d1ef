#include "cli/run_summary.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "cli/standard_output.h"
#include "engine/base/duration.h"
#include "engine/output/file_writer.h"
#include "engine/output/summary_data.h"
#include "engine/output/summary_export.h"
#include "engine/output/text_summary.h"
#include "scripting/summary_handler.h"
#include "scripting/values/value_json.h"

namespace perigee {
namespace {

bool is_terminal(int fd) {
  return isatty(fd) != 0;
}

void warn_about_outputs(const RunResult& result, std::vector<std::string>& warnings) {
  if (result.output_wait > Duration::zero()) {
    warnings.push_back(fmt::format(
        "The raw outputs were slower than the load, which waited {} for them, added up over the "
        "workers: its timing suffered. Write to a faster place, or drop rows with --out-overflow "
        "drop.",
        format_duration(std::chrono::ceil<std::chrono::milliseconds>(result.output_wait))));
  }
  if (result.samples_dropped > 0) {
    warnings.push_back(fmt::format(
        "The raw outputs were slower than the load: {} samples are missing in them. The figures of "
        "this summary are complete.",
        result.samples_dropped));
  }
}

// Whatever was worse so far stays.
void worsen(Told& told, Told other) {
  told = std::max(told, other);
}

Told print(Log& log, std::FILE* out, std::string_view text) {
  const int failed = write_stream(out, text);
  if (failed == 0) return Told::kAll;
  log.error(fmt::format("can't write the summary to standard {}: {}",
                        out == stdout ? "output" : "error", std::strerror(failed)));
  return failed == EPIPE ? Told::kReaderGone : Told::kIncomplete;
}

Told print_summary(const EndedRun& run, const Summary& summary, std::FILE* out) {
  const bool colours = is_terminal(fileno(out)) && !run.flags.no_color;
  const bool full = run.flags.summary_mode == SummaryMode::kFull;
  return print(run.log, out, '\n' + text_summary(summary, {.colours = colours, .full = full}));
}

// What the script wants told instead; nothing if it has no wish, or its handler failed.
SummaryAnswer ask_script(const EndedRun& run, const Summary& summary) {
  if (!run.has_handler) return {};
  const nlohmann::json data =
      summary_data(summary, {.no_color = run.flags.no_color,
                             .stdout_is_terminal = is_terminal(STDOUT_FILENO),
                             .stderr_is_terminal = is_terminal(STDERR_FILENO)});
  try {
    return handle_summary({run.script, run.modules, run.plan, run.log, run.watchdog, data,
                           run.result.setup_data, run.result.end == RunEnd::kSignal});
  } catch (const std::exception& error) {
    run.log.error(fmt::format("handleSummary: {}; the usual summary follows", error.what()));
    return {};
  }
}

// To "stdout", "stderr" or a path. Errors begin with `prefix`.
Told write_text(Log& log, const std::string& where, const std::string& text,
                const std::string& prefix = "") {
  if (where == "stdout") return print(log, stdout, text);
  try {
    if (where != "stderr") {
      write_file(where, text);
    } else if (std::fwrite(text.data(), 1, text.size(), stderr) != text.size()) {
      return Told::kIncomplete;
    }
    return Told::kAll;
  } catch (const std::exception& error) {
    log.error(prefix + error.what());
    return Told::kIncomplete;
  }
}

std::string export_text(const EndedRun& run, const Summary& summary) {
  const std::string& setup_data = run.result.setup_data;
  JsonRepairs repairs;
  const std::string text =
      run.flags.new_machine_readable_summary
          ? machine_readable_summary(summary,
                                     {.script = run.script.source,
                                      .version = PERIGEE_VERSION,
                                      .generated_at = TimeOrigin::now().wall},
                                     &repairs)
          : summary_export(summary,
                           setup_data.empty() ? nlohmann::json() : json_of_copy(setup_data),
                           &repairs);
  report_repairs(run.log, repairs, setting_name(run.flags, "summaryExport"));
  return text;
}

}  // namespace

Summary summarise(const EndedRun& run) {
  const Options& options = run.plan.options;
  SummarySettings settings;
  settings.blocks = run.flags.summary_mode == SummaryMode::kFull;
  for (const Scenario& scenario : options.scenarios)
    settings.scenarios.push_back(scenario.name);
  settings.load_seconds = run.result.load_seconds;
  settings.test_run_duration = run.result.total;
  settings.time_unit = options.summary_time_unit;
  settings.system_tags = options.system_tags;
  settings.warnings = run.result.warnings;
  warn_about_outputs(run.result, settings.warnings);
  if (!options.summary_trend_stats.empty()) settings.trend_stats = options.summary_trend_stats;
  return make_summary(run.aggregator, std::move(settings));
}

ExitCode exit_code_of(Told told) {
  switch (told) {
    case Told::kAll:
      return ExitCode::kOk;
    case Told::kSignalled:
      return ExitCode::kExternalAbort;
    case Told::kReaderGone:
      return ExitCode::kOutputClosed;
    case Told::kIncomplete:
      break;
  }
  return ExitCode::kUnclassified;
}

Told tell_summary(const EndedRun& run, const Summary& summary, std::FILE* out) {
  Told told = Told::kAll;
  if (run.flags.summary_mode != SummaryMode::kDisabled) {
    const auto [texts, signalled] = ask_script(run, summary);
    if (signalled) worsen(told, Told::kSignalled);
    if (!texts) worsen(told, print_summary(run, summary, out));
    for (const auto& [where, text] : texts.value_or(SummaryTexts()))
      worsen(told, write_text(run.log, where, text));
  }
  const std::string& path = run.flags.summary_export;
  if (!path.empty())
    worsen(told, write_text(run.log, path, export_text(run, summary),
                            setting_name(run.flags, "summaryExport") + ": "));
  return told;
}

}  // namespace perigee
