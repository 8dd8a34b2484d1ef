#include "cli/grpc/grpc_command.h"

#include <cstdio>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/grpc/grpc_flags.h"
#include "cli/grpc/grpc_script.h"
#include "cli/load_result.h"
#include "cli/run_log.h"
#include "cli/run_session.h"
#include "cli/standard_output.h"
#include "engine/base/config_error.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// The response is all that a single call prints.
class ResponseTeller final : public RunTeller {
 public:
  void begin(const Script& /*script*/, const RunPlan& /*plan*/) override {}
  std::FILE* progress() override { return nullptr; }
  ExitCode end(const EndedRun& /*run*/, const Summary& /*summary*/) override {
    return ExitCode::kOk;
  }
};

// Messages go to the standard output as people read them, and why a call failed to the other.
void show_response(std::string_view line) {
  const auto message = nlohmann::ordered_json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (message.is_discarded()) {
    fmt::print(stderr, "{}", line);
  } else {
    write_standard_output(message.dump(2) + '\n');
  }
}

Log::Settings log_settings(const GrpcFlags& flags, const RunFlags& run,
                           const Environment& environment) {
  Log::Settings settings = run_log_settings(run, environment);
  if (flags.load.single) {
    settings.format = LogFormat::kRaw;
    settings.console = show_response;
  } else if (!flags.result.verbose) {
    // The report counts what failed; a line for each would only be in its way.
    settings.lowest = LogLevel::kError;
  }
  return settings;
}

// What is wrong with the script of flags is wrong with the flags. A run that can't be prepared, for
// the server is not there or has no such method, is one without a call that was answered.
int run(const GrpcFlags& flags, const Environment& environment, Log& log, RunTeller& teller) {
  Script script{.path = "perigee grpc", .source = grpc_script(flags.load), .folder = {}, .env = {}};
  try {
    const int code =
        run_session(run_flags_of(flags.result), std::move(script), environment, log, teller);
    const bool unprepared = code == static_cast<int>(ExitCode::kScriptFailed);
    return unprepared ? static_cast<int>(ExitCode::kMarkedFailed) : code;
  } catch (const ScriptError& error) {
    throw ConfigError(error.what());
  }
}

}  // namespace

int grpc_command(int argc, const char* const* argv) {
  CLI::App app("Calls a method of a gRPC server, once or as a load.", "perigee grpc");
  GrpcFlagReader reader(app);
  if (!reader.parse(argc, argv)) return 0;
  GrpcFlags flags = reader.read();
  const Environment environment = process_environment();
  flags.result.no_color = flags.result.no_color || environment.contains("NO_COLOR");
  Log log(log_settings(flags, run_flags_of(flags.result), environment));
  if (flags.load.single) {
    ResponseTeller teller;
    return run(flags, environment, log, teller);
  }
  const std::string load = describe(flags.load, {.request = "call", .connection = "caller"});
  LoadTeller teller(flags.result, {flags.load.method, flags.load.address, load}, make_grpc_report,
                    "no call was answered", log);
  return run(flags, environment, log, teller);
}

}  // namespace perigee
