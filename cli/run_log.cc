#include "cli/run_log.h"

#include <string>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/log_target.h"

namespace perigee {

namespace {

// What can't be opened is reported under the name of what asks for it.
Log::Sink open_named(const LogTarget& target, const std::string& name) {
  try {
    return open_log_target(target);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", name, error.what()));
  }
}

}  // namespace

Log::Settings run_log_settings(const RunFlags& flags, const Environment& environment) {
  const std::string name = setting_name(flags, "logOutput");
  const LogTarget target = parse_log_target(flags.log_output, name);
  const LogLevel usual = flags.verbose ? LogLevel::kDebug : LogLevel::kInfo;
  Log::Settings settings{.lowest = target.level.value_or(usual),
                         .format = flags.log_format,
                         .redactor = Redactor(environment),
                         .sink = open_named(target, name)};
  settings.redactor.learn(flags.env);
  if (!flags.console_output.empty()) {
    settings.console = open_named({.kind = LogTarget::Kind::kFile, .path = flags.console_output},
                                  setting_name(flags, "consoleOutput"));
  }
  return settings;
}

}  // namespace perigee
