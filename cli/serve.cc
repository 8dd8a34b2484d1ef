#include "cli/serve.h"

#include <cstdio>

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "cli/serve_flags.h"
#include "engine/base/log.h"
#include "engine/loop/signals.h"
#include "target/target.h"

namespace perigee {
namespace {

void serve(const TargetOptions& options, Log& log) {
  Loop loop;
  const Signals signals(loop, [&loop](int) { loop.stop(); });
  const Target target(options, log);
  fmt::print("perigee serve: http on {}\n", target.address().text());
  if (target.speaks_tls()) fmt::print("perigee serve: https on {}\n", target.address().text());
  if (target.kafka() != nullptr) {
    fmt::print("perigee serve: kafka on {}\n", target.kafka()->address().text());
  }
  std::fflush(stdout);
  loop.run();
}

}  // namespace

int serve_main(int argc, const char* const* argv) {
  Log log;
  try {
    TargetOptions options;
    if (parse_serve_flags(argc, argv, options)) serve(options, log);
    return 0;
  } catch (const std::exception& error) {
    log.error(error.what());
    return static_cast<int>(ExitCode::kInvalidConfig);
  }
}

}  // namespace perigee
