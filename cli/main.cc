// The program's contents page: which command does what.
#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>

#include <fmt/format.h>
#include <sys/resource.h>

#include "cli/crash_report.h"
#include "cli/environment.h"
#include "cli/exit_code.h"
#include "cli/run_command.h"
#include "cli/serve.h"
#include "cli/share.h"
#include "engine/base/config_error.h"
#include "engine/base/log.h"
#include "engine/base/suggest.h"

namespace {

using perigee::ExitCode;

constexpr std::string_view kUsage =
    R"(perigee loads inference platforms and the services around them.

  perigee run FILE.lua    run the scenarios of a script (perigee run --help)
  perigee serve           start the built-in target (perigee serve --help)
  perigee library         where the definitions for editors lie
  perigee version         the version
  perigee help            this text
)";
constexpr std::array<std::string_view, 5> kCommands{"run", "serve", "library", "version", "help"};

// Every VU needs descriptors, and the usual soft limit is for other programs.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int dispatch(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "help";
  if (command == "run") return perigee::run_command(argc - 1, argv + 1);
  if (command == "serve") return perigee::serve_main(argc - 1, argv + 1);
  if (command == "library") {
    fmt::print("{}\n", (perigee::share_folder() / "library").string());
  } else if (command == "version" || command == "--version") {
    fmt::print("perigee {}\n", PERIGEE_VERSION);
  } else if (command == "help" || command == "--help" || command == "-h") {
    fmt::print("{}", kUsage);
  } else {
    throw perigee::ConfigError(fmt::format("there is no command \"{}\"{}; see perigee help",
                                           command, perigee::did_you_mean(command, kCommands)));
  }
  return 0;
}

int report(const std::exception& error, ExitCode code) {
  perigee::Log({.redactor = perigee::Redactor(perigee::process_environment())}).error(error.what());
  return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  perigee::report_crashes();
  raise_descriptor_limit();
  try {
    return dispatch(argc, argv);
  } catch (const perigee::ConfigError& error) {
    return report(error, ExitCode::kInvalidConfig);
  } catch (const perigee::ScriptError& error) {
    return report(error, ExitCode::kScriptFailed);
  } catch (const std::exception& error) {
    const std::string what = fmt::format("perigee failed unexpectedly: {}", error.what());
    return report(std::runtime_error(what), ExitCode::kCrashed);
  }
}
