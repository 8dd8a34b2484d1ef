#include "cli/run_flags.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/base/limits.h"
#include "engine/base/suggest.h"

extern char** environ;

namespace perigee {
namespace {

// Flags of k6 run that this version does not have, so that nobody takes them for misspelt.
constexpr std::array<std::string_view, 33> kLaterFlags{"--stage",
                                                       "-s",
                                                       "--execution-segment",
                                                       "--execution-segment-sequence",
                                                       "--paused",
                                                       "-p",
                                                       "--max-redirects",
                                                       "--batch",
                                                       "--batch-per-host",
                                                       "--rps",
                                                       "--http-debug",
                                                       "--insecure-skip-tls-verify",
                                                       "--no-connection-reuse",
                                                       "--no-vu-connection-reuse",
                                                       "--min-iteration-duration",
                                                       "--throw",
                                                       "-w",
                                                       "--blacklist-ip",
                                                       "--block-hostnames",
                                                       "--summary-time-unit",
                                                       "--system-tags",
                                                       "--console-output",
                                                       "--discard-response-bodies",
                                                       "--local-ips",
                                                       "--dns",
                                                       "--include-system-env-vars",
                                                       "--summary-mode",
                                                       "--linger",
                                                       "-l",
                                                       "--config",
                                                       "-c",
                                                       "--address",
                                                       "-a"};

// The flags as text, before they are understood.
struct Raw {
  std::string script, vus, iterations, duration, user_agent, trend_stats, summary_export;
  std::string no_yield_limit, workers, output_overflow;
  std::vector<std::string> env, tags, outputs;
  bool quiet = false, verbose = false, no_setup = false, no_teardown = false;
  bool no_thresholds = false, no_color = false, no_jit = false;
};

void declare(CLI::App& app, Raw& raw) {
  const auto text = [&](const char* names, std::string& value, const char* help, const char* type) {
    app.add_option(names, value, help)->type_name(type);
  };
  const auto list = [&](const char* names, std::vector<std::string>& value, const char* help,
                        const char* type) {
    app.add_option(names, value, help)->type_name(type)->allow_extra_args(false);
  };
  text("script", raw.script, "the scenario's Lua file", "FILE");
  text("-u,--vus", raw.vus, "number of virtual users", "N");
  text("-d,--duration", raw.duration, "how long to run, e.g. 30s or 1h5m", "D");
  text("-i,--iterations", raw.iterations, "number of iterations, shared by the VUs", "N");
  list("-e,--env", raw.env, "a variable for __ENV; may be repeated", "NAME=VALUE");
  list("--tag", raw.tags, "a tag for every sample; may be repeated", "NAME=VALUE");
  list("-o,--out", raw.outputs, "where raw samples go; may be repeated", "TYPE=FILE[.gz]");
  text("--out-overflow", raw.output_overflow,
       "when raw samples come faster than --out can write: wait (default) or drop them", "HOW");
  text("--summary-export", raw.summary_export, "write the summary as JSON to a file", "FILE");
  text("--summary-trend-stats", raw.trend_stats, "columns of trends, e.g. avg,p(95),p(99.9)",
       "LIST");
  text("--user-agent", raw.user_agent, "the User-Agent header of requests", "TEXT");
  text("--workers", raw.workers, "threads that generate load (default: CPUs to use)", "N");
  text("--no-yield-limit", raw.no_yield_limit,
       "stop an iteration that runs so long without waiting (default 10s; 0 = never)", "D");
  app.add_flag("--no-setup", raw.no_setup, "don't run setup()");
  app.add_flag("--no-teardown", raw.no_teardown, "don't run teardown()");
  app.add_flag("--no-thresholds", raw.no_thresholds, "don't judge thresholds");
  app.add_flag("--no-color", raw.no_color, "no colours");
  app.add_flag("--no-jit", raw.no_jit, "interpret scripts instead of compiling them");
  app.add_flag("-q,--quiet", raw.quiet, "no progress");
  app.add_flag("-v,--verbose", raw.verbose, "log debug messages too");
}

std::string unknown_flag(const CLI::App& app, const std::string& flag) {
  const std::string name = flag.substr(0, flag.find('='));
  if (std::find(kLaterFlags.begin(), kLaterFlags.end(), name) != kLaterFlags.end()) {
    return fmt::format("k6 has the flag {}, this version does not; see perigee run --help", name);
  }
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& known : option->get_lnames())
      names.push_back("--" + known);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  return fmt::format("there is no flag {}{}; see perigee run --help", name,
                     did_you_mean(name, views));
}

int64_t whole_number(const char* flag, const std::string& text, int64_t least) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least) {
    throw ConfigError(
        fmt::format("{}: must be a whole number of at least {}, got \"{}\"", flag, least, text));
  }
  return value;
}

// Checked here, because further on it is an option of the script among others.
std::string checked_duration(const char* flag, const std::string& text) {
  const auto duration = parse_duration(text);
  if (!duration || *duration <= Duration::zero()) {
    throw ConfigError(
        fmt::format("{}: must be a duration above 0 like 30s or 1h5m, got \"{}\"", flag, text));
  }
  return text;
}

std::pair<std::string, std::string> name_value(const char* flag, const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw ConfigError(fmt::format("{}: must look like NAME=VALUE, got \"{}\"", flag, text));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

nlohmann::json option_layer(const Raw& raw) {
  nlohmann::json layer = nlohmann::json::object();
  if (!raw.vus.empty()) layer["vus"] = whole_number("--vus", raw.vus, 1);
  if (!raw.iterations.empty()) {
    layer["iterations"] = whole_number("--iterations", raw.iterations, 1);
  }
  if (!raw.duration.empty()) layer["duration"] = checked_duration("--duration", raw.duration);
  if (!raw.user_agent.empty()) layer["userAgent"] = raw.user_agent;
  if (!raw.outputs.empty()) layer["out"] = raw.outputs;
  if (raw.no_setup) layer["noSetup"] = true;
  if (raw.no_teardown) layer["noTeardown"] = true;
  for (const std::string& tag : raw.tags) {
    const auto [name, value] = name_value("--tag", tag);
    layer["tags"][name] = value;
  }
  if (!raw.trend_stats.empty()) {
    for (const std::string& stat : CLI::detail::split(raw.trend_stats, ',')) {
      layer["summaryTrendStats"].push_back(stat);
    }
  }
  return layer;
}

QueueOverflow read_output_overflow(const std::string& text) {
  if (text.empty() || text == "wait") return QueueOverflow::kWait;
  if (text == "drop") return QueueOverflow::kDrop;
  throw ConfigError(fmt::format("--out-overflow: must be wait or drop, got \"{}\"", text));
}

Duration read_no_yield_limit(const std::string& text) {
  if (text.empty()) return limits::kNoYield;
  const auto limit = parse_duration(text);
  if (!limit || *limit < Duration::zero()) {
    throw ConfigError(
        fmt::format("--no-yield-limit: must be a duration like 10s, or 0, got \"{}\"", text));
  }
  return *limit;
}

std::map<std::string, std::string> environment(const std::vector<std::string>& overrides) {
  std::map<std::string, std::string> env;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string::npos) env[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const std::string& entry : overrides) {
    const auto [name, value] = name_value("--env", entry);
    env[name] = value;
  }
  return env;
}

}  // namespace

RunFlags parse_run_flags(int argc, const char* const* argv) {
  CLI::App app("Runs the scenarios of a Lua script.", "perigee run");
  app.allow_extras();
  Raw raw;
  declare(app, raw);
  RunFlags flags;
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    flags.help = true;
    return flags;
  } catch (const CLI::ParseError& error) {
    throw ConfigError(fmt::format("{}; see perigee run --help", error.what()));
  }
  for (const std::string& extra : app.remaining()) {
    if (extra.size() > 1 && extra.front() == '-') throw ConfigError(unknown_flag(app, extra));
    throw ConfigError(fmt::format("one script at a time: \"{}\" is too many", extra));
  }
  if (raw.script.empty()) throw ConfigError("name a script: perigee run FILE.lua");
  flags.script = raw.script;
  flags.options = option_layer(raw);
  flags.env = environment(raw.env);
  flags.summary_export = raw.summary_export;
  flags.output_overflow = read_output_overflow(raw.output_overflow);
  if (!raw.workers.empty()) {
    flags.workers =
        static_cast<uint32_t>(std::min<int64_t>(whole_number("--workers", raw.workers, 1), 1024));
  }
  flags.no_yield_limit = read_no_yield_limit(raw.no_yield_limit);
  flags.quiet = raw.quiet;
  flags.verbose = raw.verbose;
  flags.no_thresholds = raw.no_thresholds;
  flags.no_color = raw.no_color || std::getenv("NO_COLOR") != nullptr;
  flags.jit = !raw.no_jit;
  return flags;
}

}  // namespace perigee
