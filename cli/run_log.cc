#include "cli/run_log.h"

#include "engine/base/log_target.h"

namespace perigee {

Log::Settings run_log_settings(const RunFlags& flags, const Environment& environment) {
  const LogTarget target = parse_log_target(flags.log_output);
  const LogLevel usual = flags.verbose ? LogLevel::kDebug : LogLevel::kInfo;
  Log::Settings settings{.lowest = target.level.value_or(usual),
                         .format = flags.log_format,
                         .redactor = Redactor(environment),
                         .sink = open_log_target(target)};
  settings.redactor.learn(flags.env);
  if (!flags.console_output.empty()) {
    settings.console =
        open_log_target({.kind = LogTarget::Kind::kFile, .path = flags.console_output});
  }
  return settings;
}

}  // namespace perigee
