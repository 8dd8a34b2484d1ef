#include "cli/http_command.h"

#include <utility>

#include <CLI/CLI.hpp>

#include "cli/http_flags.h"
#include "cli/http_script.h"
#include "cli/load_result.h"
#include "cli/run_log.h"
#include "cli/run_session.h"
#include "engine/http/url.h"

namespace perigee {
namespace {

// The URL as messages may show it.
std::string shown_url(const HttpLoad& load, const Log& log) {
  std::string ignored;
  const auto url = http::parse_url(load.url, ignored);
  return log.redacted(url ? url->text : load.url);
}

}  // namespace

int http_command(int argc, const char* const* argv) {
  CLI::App app("Loads a URL and tells how long its answers took.", "perigee http");
  HttpFlagReader reader(app);
  if (!reader.parse(argc, argv)) return 0;
  HttpFlags flags = reader.read();
  const Environment environment = process_environment();
  flags.result.no_color = flags.result.no_color || environment.contains("NO_COLOR");
  RunFlags run = run_flags_of(flags.result);
  Log::Settings settings = run_log_settings(run, environment);
  // The report counts what failed; a line for each would only be in its way.
  if (!flags.result.verbose) settings.lowest = LogLevel::kError;
  Log log(std::move(settings));
  Script script{.path = "perigee http", .source = http_script(flags.load), .folder = {}, .env = {}};
  LoadTeller teller(flags.result,
                    {flags.load.method, shown_url(flags.load, log), describe(flags.load)},
                    make_http_report, "no request was answered", log);
  return run_session(std::move(run), std::move(script), environment, log, teller);
}

}  // namespace perigee
