#include "cli/http_command.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "cli/exit_code.h"
#include "cli/http_flags.h"
#include "cli/http_script.h"
#include "cli/run_log.h"
#include "cli/run_session.h"
#include "cli/screen_size.h"
#include "cli/standard_output.h"
#include "engine/http/url.h"
#include "engine/output/load_report.h"
#include "engine/output/load_report_json.h"
#include "engine/output/load_report_text.h"

namespace perigee {
namespace {

bool is_terminal(std::FILE* out) {
  return isatty(fileno(out)) != 0;
}

// The URL as messages may show it.
std::string shown_url(const HttpLoad& load, const Log& log) {
  std::string ignored;
  const auto url = http::parse_url(load.url, ignored);
  return log.redacted(url ? url->text : load.url);
}

// Tells the result of one request sent again and again.
class ReportTeller final : public RunTeller {
 public:
  ReportTeller(const HttpFlags& flags, Log& log) : flags_(flags), log_(log) {}

  void begin(const Script& /*script*/, const RunPlan& /*plan*/) override {
    if (flags_.quiet || flags_.json) return;
    write_standard_output(fmt::format("  {} {}: {}\n\n", flags_.load.method,
                                      shown_url(flags_.load, log_), describe(flags_.load)));
  }

  // Whoever reads JSON wants nothing else on the standard output.
  std::FILE* progress() override {
    if (flags_.quiet) return nullptr;
    if (!flags_.json) return stdout;
    return is_terminal(stderr) ? stderr : nullptr;
  }

  ExitCode end(const EndedRun& run, const Summary& summary) override {
    LoadReport report = make_http_report(run.aggregator, summary);
    report.method = flags_.load.method;
    report.target = shown_url(flags_.load, log_);
    report.load = describe(flags_.load);
    const ExitCode told = print(report);
    if (told != ExitCode::kOk) return told;
    if (report.answered()) return ExitCode::kOk;
    log_.error("no request was answered");
    return ExitCode::kMarkedFailed;
  }

 private:
  ExitCode print(const LoadReport& report) {
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

  const HttpFlags& flags_;
  Log& log_;
};

// What `perigee run` would have been told.
RunFlags run_flags_of(const HttpFlags& flags) {
  RunFlags run;
  run.stands_alone = true;
  run.quiet = flags.quiet;
  run.verbose = flags.verbose;
  run.no_color = flags.no_color;
  run.workers = flags.workers;
  if (!flags.outputs.empty()) run.options.set("out", flags.outputs, "--out");
  return run;
}

}  // namespace

int http_command(int argc, const char* const* argv) {
  CLI::App app("Loads a URL and tells how long its answers took.", "perigee http");
  HttpFlagReader reader(app);
  if (!reader.parse(argc, argv)) return 0;
  HttpFlags flags = reader.read();
  const Environment environment = process_environment();
  flags.no_color = flags.no_color || environment.contains("NO_COLOR");
  RunFlags run = run_flags_of(flags);
  Log::Settings settings = run_log_settings(run, environment);
  // The report counts what failed; a line for each would only be in its way.
  if (!flags.verbose) settings.lowest = LogLevel::kError;
  Log log(std::move(settings));
  Script script{.path = "perigee http", .source = http_script(flags.load), .folder = {}, .env = {}};
  ReportTeller teller(flags, log);
  return run_session(std::move(run), std::move(script), environment, log, teller);
}

}  // namespace perigee
