#include "cli/infer/command.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/infer/flags.h"
#include "cli/infer/script.h"
#include "cli/infer/words.h"
#include "cli/run_log.h"
#include "cli/run_session.h"
#include "cli/run_summary.h"
#include "cli/standard_output.h"
#include "engine/base/config_error.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// What the script prints is the result; beside it nothing is on the standard output that a program
// reads.
class InferTeller final : public RunTeller {
 public:
  explicit InferTeller(const InferFlags& flags)
      : flags_(flags), is_for_people_(flags.load.output.empty() && !flags.load.list) {}

  void begin(const Script& /*script*/, const RunPlan& /*plan*/) override {
    if (flags_.result.quiet || !is_for_people_) return;
    const std::string load =
        describe(flags_.load, {.request = "inference", .connection = "client"});
    write_standard_output(
        fmt::format("  {} at {}: {}\n\n", flags_.load.model, flags_.load.address, load));
  }

  std::FILE* progress() override {
    return flags_.result.quiet || !is_for_people_ ? nullptr : stdout;
  }

  ExitCode end(const EndedRun& run, const Summary& summary) override {
    // There was no load; why has been said.
    if (run.result.end == RunEnd::kSetupFailed) return ExitCode::kMarkedFailed;
    return exit_code_of(tell_summary(run, summary, stdout));
  }

 private:
  const InferFlags& flags_;
  const bool is_for_people_;
};

ExitCode run(const InferFlags& flags, const Environment& environment, Log& log) {
  InferTeller teller(flags);
  Script script{
      .path = "perigee infer", .source = infer_script(flags.load), .folder = {}, .env = {}};
  try {
    RunFlags session_flags = run_flags_of(flags.result);
    session_flags.warnings = flags.load.warnings;
    const int code =
        run_session(std::move(session_flags), std::move(script), environment, log, teller);
    // The server was not there, or what was asked of it does not fit.
    const bool unprepared = code == static_cast<int>(ExitCode::kScriptFailed);
    return unprepared ? ExitCode::kMarkedFailed : ExitCode{code};
  } catch (const ScriptError& error) {
    throw ConfigError(error.what());
  }
}

// That client needs no server for this.
bool asks_for_version(int argc, const char* const* argv) {
  const std::vector<std::string> words = usual_infer_words(argc, argv);
  return std::find(words.begin(), words.end(), "--internal_version") != words.end();
}

}  // namespace

int infer_command(int argc, const char* const* argv) {
  CLI::App app("Loads a served model by what its server says of it.", "perigee infer");
  InferFlagReader reader(app);
  if (!reader.parse(argc, argv)) return 0;
  if (asks_for_version(argc, argv)) {
    write_standard_output(PERIGEE_VERSION "\n");
    return 0;
  }
  InferFlags flags = reader.read();
  const Environment environment = process_environment();
  flags.result.no_color = flags.result.no_color || environment.contains("NO_COLOR");
  Log log(run_log_settings(run_flags_of(flags.result), environment));
  return static_cast<int>(run(flags, environment, log));
}

}  // namespace perigee
