#include "cli/run_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "cli/run_flags.h"
#include "cli/run_log.h"
#include "cli/run_metadata.h"
#include "cli/run_session.h"
#include "cli/run_summary.h"
#include "cli/share.h"
#include "cli/shell_words.h"
#include "cli/standard_output.h"
#include "cli/upload/upload.h"
#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/execution/vu_needs.h"
#include "engine/output/outputs.h"

namespace perigee {
namespace {

std::string description_of(const Script& script, const RunPlan& plan) {
  const Options& options = plan.options;
  const ExecutionRequirements needs = execution_requirements(options.scenarios);
  std::string text = fmt::format("  script: {}\n  workers: {}\n", script.path, plan.workers);
  for (const std::string& output : options.outputs)
    text += fmt::format("  output: {}\n", output);
  text +=
      fmt::format("\n  scenarios: {}, {} max VUs, {} max duration (incl. graceful stop):\n",
                  options.scenarios.size(), needs.max_vus, format_duration(needs.total_duration));
  for (const Scenario& scenario : options.scenarios)
    text += fmt::format("    * {}: {}\n", scenario.name, scenario.describe());
  return text + '\n';
}

// All files that the run has written, each once.
std::vector<UploadJob> upload_jobs(const RunFlags& flags, std::vector<std::string> files,
                                   const std::string& uri) {
  for (const std::string& file : {flags.summary_export, flags.metadata})
    if (!file.empty()) files.push_back(file);
  for (const ReportFile& report : flags.reports)
    files.push_back(report.path);
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  std::vector<UploadJob> jobs;
  std::error_code ignored;
  for (const std::string& file : files) {
    if (!std::filesystem::is_regular_file(file, ignored)) continue;
    jobs.push_back({.path = file, .uri = upload_uri(uri, file)});
  }
  return jobs;
}

// Tells what will run, and in the end the summary.
class SummaryTeller final : public RunTeller {
 public:
  SummaryTeller(bool quiet, RunMetadata metadata, const Environment& environment, Log& log)
      : quiet_(quiet), metadata_(std::move(metadata)), environment_(environment), log_(log) {}

  void begin(const Script& script, const RunPlan& plan) override {
    metadata_.begin();
    const auto variables = [&](std::string_view name) { return find_variable(environment_, name); };
    // Samples there are for a program to read: what people read goes elsewhere.
    if (take_standard_output(plan.options.outputs, variables)) out_ = stderr;
    // Nobody who listens is no reason not to run.
    if (!quiet_) write_stream(out_, log_.redacted(description_of(script, plan)));
  }

  std::FILE* progress() override { return quiet_ ? nullptr : out_; }

  ExitCode end(const EndedRun& run, const Summary& summary) override {
    return exit_code_of(tell_summary(run, summary, out_));
  }

  ExitCode finished(const RunFlags& flags, const RunPlan& plan, ExitCode code) override {
    metadata_.end(code);
    if (flags.upload.empty()) return code;
    const auto variables = [&](std::string_view name) { return find_variable(environment_, name); };
    const auto jobs =
        upload_jobs(flags, output_files(plan.options.outputs, variables), flags.upload);
    const ExitCode uploaded = upload(jobs, environment_, log_);
    return code == ExitCode::kOk ? uploaded : code;
  }

 private:
  const bool quiet_;
  const RunMetadata metadata_;
  const Environment& environment_;
  Log& log_;
  std::FILE* out_ = stdout;
};

}  // namespace

int run_command(int argc, const char* const* argv) {
  RunFlags flags;
  const Environment environment = process_environment();
  if (!parse_run_flags(argc, argv, environment, flags)) return 0;
  Log log(run_log_settings(flags, environment));
  const auto report = [&log](const std::exception& error, ExitCode code) {
    log.error(error.what());
    return static_cast<int>(code);
  };
  try {
    if (!flags.upload.empty())
      check_upload_uri(flags.upload, setting_name(flags, "upload"), environment, log);
    const bool quiet = flags.quiet;
    Script script = load_script(locate_script(flags.script), flags.env);
    RunMetadata metadata(flags.metadata, "run " + shell_line(argc - 1, argv + 1), environment, log);
    SummaryTeller teller(quiet, std::move(metadata), environment, log);
    return run_session(std::move(flags), std::move(script), environment, log, teller);
  } catch (const ConfigError& error) {
    return report(error, ExitCode::kInvalidConfig);
  } catch (const ScriptError& error) {
    return report(error, ExitCode::kScriptFailed);
  }
}

}  // namespace perigee
