#include "cli/load_result.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/screen_size.h"
#include "cli/standard_output.h"
#include "engine/output/load_report_json.h"
#include "engine/output/load_report_text.h"

namespace perigee {
namespace {

using enum SettingKind;

constexpr std::array kResult{
    Setting{"json", "--json", "", kSwitch, "", "the result as one JSON document"},
    Setting{"fail", "-f,--fail", "", kSwitch, "", "exit with 99 if a request fails"},
    Setting{"thresholds", "--threshold", "", kTexts, "EXPRESSION",
            "exit with 99 unless it holds: 'p(95)<200' of the latency in ms, or METRIC:EXPRESSION"},
    Setting{"thresholdNoSamples", "--threshold-no-samples", "", kText, "pass|fail",
            "what thresholds do that nothing was measured for (default pass)"},
    Setting{"out", "--out", "", kTexts, "TYPE=FILE",
            "where samples and metrics go, e.g. csv=samples.csv.gz; may be repeated"},
    Setting{"report", "--report", "", kTexts, "FILE",
            "write a report at the end, as its ending says: .html, .md, .xml, .csv, .xlsx, ..."},
    Setting{"workers", "--workers", "", kWhole, "N",
            "threads that generate load (default: CPUs to use)"},
    Setting{"quiet", "-s,--silent,--quiet", "", kSwitch, "", "no progress"},
    Setting{"verbose", "-v,--verbose", "", kSwitch, "", "log debug messages too"},
    Setting{"noColor", "--no-color", "", kSwitch, "", "no colours"}};

constexpr int64_t kMostWorkers = 1024;

bool is_terminal(std::FILE* out) {
  return isatty(fileno(out)) != 0;
}

}  // namespace

std::span<const Setting> result_settings() {
  return kResult;
}

void read_result(const JsonReader& flags, ResultFlags& result) {
  flags.read("out", result.outputs);
  flags.read("report", result.reports);
  int64_t workers = 0;
  flags.read("workers", workers, 1);
  result.workers = static_cast<uint32_t>(std::min(workers, kMostWorkers));
  flags.read("json", result.json);
  flags.read("quiet", result.quiet);
  flags.read("verbose", result.verbose);
  flags.read("noColor", result.no_color);
}

RunFlags run_flags_of(const ResultFlags& flags) {
  RunFlags run;
  run.stands_alone = true;
  run.quiet = flags.quiet;
  run.verbose = flags.verbose;
  run.no_color = flags.no_color;
  run.workers = flags.workers;
  for (const std::string& path : flags.reports)
    run.reports.push_back({.path = path, .set_by = "--report"});
  if (!flags.outputs.empty()) run.options.set("out", flags.outputs, "--out");
  return run;
}

void LoadTeller::begin(const Script& /*script*/, const RunPlan& /*plan*/) {
  if (flags_.quiet || flags_.json) return;
  write_standard_output(fmt::format("  {} {}: {}\n\n", title_.method, title_.target, title_.load));
}

// Whoever reads JSON wants nothing else on the standard output.
std::FILE* LoadTeller::progress() {
  if (flags_.quiet) return nullptr;
  if (!flags_.json) return stdout;
  return is_terminal(stderr) ? stderr : nullptr;
}

ExitCode LoadTeller::end(const EndedRun& run, const Summary& summary) {
  // There was no load; why has been said.
  if (run.result.end == RunEnd::kSetupFailed) return ExitCode::kMarkedFailed;
  LoadReport report = make_report_(run.aggregator, summary);
  report.method = title_.method;
  report.target = title_.target;
  report.load = title_.load;
  const ExitCode told = print(report);
  if (told != ExitCode::kOk) return told;
  if (report.answered()) return ExitCode::kOk;
  log_.error(unanswered_);
  return ExitCode::kMarkedFailed;
}

ExitCode LoadTeller::print(const LoadReport& report) {
  const LoadReportStyle style{.colours = is_terminal(stdout) && !flags_.no_color,
                              .columns = screen_size(stdout).columns};
  JsonRepairs repairs;
  const int failed = write_standard_output(flags_.json ? load_report_json(report, &repairs)
                                                       : load_report_text(report, style) + '\n');
  report_repairs(log_, repairs, "--json");
  if (failed == 0) return ExitCode::kOk;
  log_.error(fmt::format("can't write the result to standard output: {}", std::strerror(failed)));
  return failed == EPIPE ? ExitCode::kOutputClosed : ExitCode::kUnclassified;
}

}  // namespace perigee
