// The program: one of its commands, and what an error in it is told as.
#include <csignal>
#include <exception>

#include <fmt/format.h>
#include <sys/resource.h>

#include "cli/commands.h"
#include "cli/crash_report.h"
#include "cli/environment.h"
#include "cli/exit_code.h"
#include "engine/base/config_error.h"
#include "engine/base/log.h"

namespace {

using perigee::ExitCode;

// Every VU needs descriptors, and the usual soft limit is for other programs.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
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
    return perigee::run_named_command(argc - 1, argv + 1);
  } catch (const perigee::ConfigError& error) {
    return report(error, ExitCode::kInvalidConfig);
  } catch (const perigee::ScriptError& error) {
    return report(error, ExitCode::kScriptFailed);
  } catch (const std::exception& error) {
    const std::string what = fmt::format("perigee failed unexpectedly: {}", error.what());
    return report(std::runtime_error(what), ExitCode::kCrashed);
  }
}
