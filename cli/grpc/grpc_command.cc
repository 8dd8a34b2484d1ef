#include "cli/grpc/grpc_command.h"

#include <optional>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "cli/grpc/grpc_call.h"
#include "cli/grpc/grpc_flags.h"
#include "cli/grpc/grpc_script.h"
#include "cli/grpc/grpc_services.h"
#include "cli/grpc/grpc_session.h"
#include "cli/load_result.h"
#include "cli/run_log.h"
#include "cli/run_session.h"
#include "cli/standard_output.h"
#include "engine/base/config_error.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

Log::Settings log_settings(const GrpcFlags& flags, const Environment& environment) {
  Log::Settings settings = run_log_settings(run_flags_of(flags.result), environment);
  // The report counts what failed; a line for each would only be in its way.
  if (!flags.result.verbose) settings.lowest = LogLevel::kError;
  if (flags.load.single) settings.format = LogFormat::kRaw;
  return settings;
}

KnownServices find_services(const GrpcLoad& load, GrpcSession* session) {
  return session != nullptr && load.reflects() ? session->reflect() : services_of_files(load);
}

// Where the types are in files, no server is asked, and none needs to be named.
ExitCode show_services(const GrpcFlags& flags) {
  std::optional<GrpcSession> session;
  if (flags.load.reflects()) session.emplace(flags.load).connect();
  const KnownServices services = find_services(flags.load, session ? &*session : nullptr);
  const int failed = write_standard_output(flags.task == GrpcTask::kList
                                               ? list_text(services, flags.symbol)
                                               : description_text(services, flags.symbol));
  return exit_code_of_write(failed);
}

ExitCode make_call(const GrpcLoad& load, Log& log) {
  GrpcSession session(load);
  // What is wrong with files is known before the server is.
  std::optional<KnownServices> services;
  if (!load.reflects()) services = services_of_files(load);
  session.connect();
  if (!services) services = session.reflect();
  return print_call(load, *services->schema, session, log);
}

// What would fail every call is told before the load, as one line.
void try_load(const GrpcLoad& load) {
  GrpcSession session(load);
  session.connect();
  encode_call(load, *find_services(load, &session).schema);
}

ExitCode make_load(const GrpcFlags& flags, const Environment& environment, Log& log) {
  try_load(flags.load);
  const std::string load = describe(flags.load, {.request = "call", .connection = "caller"});
  LoadTeller teller(flags.result, {flags.load.method, flags.load.address, load}, make_grpc_report,
                    "no call was answered", log);
  Script script{.path = "perigee grpc", .source = grpc_script(flags.load), .folder = {}, .env = {}};
  const int code =
      run_session(run_flags_of(flags.result), std::move(script), environment, log, teller);
  // The server has gone since it was tried.
  const bool unprepared = code == static_cast<int>(ExitCode::kScriptFailed);
  return unprepared ? ExitCode::kMarkedFailed : ExitCode{code};
}

ExitCode run(const GrpcFlags& flags, const Environment& environment, Log& log) {
  try {
    if (flags.task != GrpcTask::kCall) return show_services(flags);
    return flags.load.single ? make_call(flags.load, log) : make_load(flags, environment, log);
  } catch (const GrpcFailure& failure) {
    log.error(failure.what());
    return ExitCode::kMarkedFailed;
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
  Log log(log_settings(flags, environment));
  return static_cast<int>(run(flags, environment, log));
}

}  // namespace perigee
