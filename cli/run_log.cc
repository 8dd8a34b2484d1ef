#include "cli/run_log.h"

#include "engine/base/log_target.h"

namespace perigee {

Log::Settings run_log_settings(const RunFlags& flags) {
  const LogTarget target = parse_log_target(flags.log_output);
  const LogLevel usual = flags.verbose ? LogLevel::kDebug : LogLevel::kInfo;
  Log::Settings settings{.lowest = target.level.value_or(usual),
                         .format = flags.log_format,
                         .redactor = Redactor(flags.env),
                         .sink = open_log_target(target)};
  if (!flags.console_output.empty()) {
    settings.console =
        open_log_target({.kind = LogTarget::Kind::kFile, .path = flags.console_output});
  }
  return settings;
}

}  // namespace perigee
