#include "cli/serve.h"

#include <array>
#include <cstdio>
#include <limits>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/exit_code.h"
#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/base/log.h"
#include "engine/base/suggest.h"
#include "engine/loop/signals.h"
#include "target/target.h"

namespace perigee {
namespace {

// The options as they are written on the command line.
struct WrittenOptions {
  std::string latency = "0ms";
  std::string stall;
  std::string load_time = "0ms";
  std::string first_token = "50ms";
  std::string token_interval = "10ms";
  bool no_models = false;
  std::vector<std::string> models;
};

void declare_server(CLI::App& app, TargetOptions& options) {
  app.add_option("--address", options.address, "IP address to listen at")->capture_default_str();
  app.add_option("--port", options.port, "port to listen at; 0 picks a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option("--workers", options.workers, "threads that serve")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--max-arrivals", options.max_arrivals,
                 "arrival times each worker keeps for /stats, the latest ones")
      ->check(CLI::Range(0, 100'000'000))
      ->capture_default_str();
}

void declare_tls(CLI::App& app, TargetOptions& options) {
  app.add_option("--tls-cert", options.tls_certificate.text,
                 "PEM file of a certificate (and the chain above it) to speak TLS with")
      ->type_name("FILE");
  app.add_option("--tls-key", options.tls_key.text, "PEM file of its key")->type_name("FILE");
}

void declare_behaviour(CLI::App& app, TargetOptions& options, WrittenOptions& written) {
  app.add_option("--latency", written.latency, "5ms, normal:5ms,1ms or exponential:5ms")
      ->capture_default_str();
  app.add_option("--error-rate", options.behaviour.error_rate,
                 "share of requests answered with 503")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--stall", written.stall, "all answers stop now and then: every=10s,for=500ms");
  app.add_option("--seed", options.behaviour.seed, "seed of latencies and errors")
      ->check(CLI::Range(int64_t{0}, std::numeric_limits<int64_t>::max()))
      ->capture_default_str();
}

void declare_completions(CLI::App& app, TargetOptions& options, WrittenOptions& written) {
  app.add_option("--first-token", written.first_token,
                 "when the first token of a completion comes, written like --latency")
      ->capture_default_str();
  app.add_option("--token-interval", written.token_interval, "from each token to the next")
      ->capture_default_str();
  app.add_option("--tokens", options.completion.tokens,
                 "tokens of a completion whose request does not say")
      ->check(CLI::Range(uint64_t{1}, CompletionRequest::kMaxTokens))
      ->capture_default_str();
}

void declare_models(CLI::App& app, WrittenOptions& written) {
  app.add_option("--load-time", written.load_time, "how long it takes to load a model")
      ->capture_default_str();
  auto* models = app.add_option("--models", written.models, "models loaded from the start (all)");
  models->delimiter(',');
  app.add_flag("--no-models", written.no_models, "start with no model loaded")->excludes(models);
}

// The flags as they are declared; must outlive the parsing.
struct ServeFlags {
  ServeFlags()
      : app("A local inference server to load: Open Inference Protocol, test routes, /stats",
            "perigee serve") {
    declare_server(app, options);
    declare_tls(app, options);
    declare_behaviour(app, options, written);
    declare_completions(app, options, written);
    declare_models(app, written);
  }

  CLI::App app;
  TargetOptions options;
  WrittenOptions written;
};

void refuse_unknown(const CLI::App& app) {
  const std::vector<std::string> unknown = app.remaining();
  if (unknown.empty()) return;
  constexpr std::array<std::string_view, 16> kOptions{
      "--address",        "--port",       "--workers",   "--max-arrivals",
      "--latency",        "--error-rate", "--stall",     "--first-token",
      "--token-interval", "--tokens",     "--load-time", "--models",
      "--no-models",      "--seed",       "--tls-cert",  "--tls-key"};
  throw ConfigError(fmt::format("perigee serve does not know \"{}\"{}", unknown.front(),
                                did_you_mean(unknown.front(), kOptions)));
}

void apply(const WrittenOptions& written, TargetOptions& options) {
  options.behaviour.latency = parse_latency(written.latency);
  if (!written.stall.empty()) options.behaviour.stall = parse_stall(written.stall);
  options.completion.first_token = parse_latency(written.first_token);
  options.completion.token_interval = parse_latency(written.token_interval);
  const auto load_time = parse_duration(written.load_time);
  if (!load_time || *load_time < Duration{}) {
    throw ConfigError(fmt::format("--load-time: \"{}\" is not a duration", written.load_time));
  }
  options.load_time = *load_time;
  if (written.no_models) {
    options.models.emplace();
  } else if (!written.models.empty()) {
    options.models = written.models;
  }
}

void serve(const TargetOptions& options, Log& log) {
  Loop loop;
  const Signals signals(loop, [&loop](int) { loop.stop(); });
  const Target target(options, log);
  fmt::print("perigee serve: http on {}\n", target.address().text());
  if (target.speaks_tls()) fmt::print("perigee serve: https on {}\n", target.address().text());
  std::fflush(stdout);
  loop.run();
}

}  // namespace

int serve_main(int argc, const char* const* argv) {
  Log log;
  ServeFlags flags;
  try {
    flags.app.allow_extras();
    flags.app.parse(argc, argv);
    refuse_unknown(flags.app);
    apply(flags.written, flags.options);
    serve(flags.options, log);
    return 0;
  } catch (const CLI::CallForHelp& help) {
    return flags.app.exit(help);
  } catch (const std::exception& error) {
    log.error(error.what());
    return static_cast<int>(ExitCode::kInvalidConfig);
  }
}

std::vector<FlagDescription> serve_flags() {
  return describe_flags(ServeFlags().app);
}

}  // namespace perigee
