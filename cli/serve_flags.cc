#include "cli/serve_flags.h"

#include <charconv>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command_line.h"
#include "engine/base/config_error.h"
#include "engine/base/duration.h"

namespace perigee {
namespace {

constexpr uint64_t kMaxPort = 65'535;

[[noreturn]] void refuse(std::string_view value, std::string_view kind, std::string_view advice) {
  throw ConfigError(fmt::format("\"{}\" is not {}; write {}", value, kind, advice));
}

template <typename T>
bool read_number(std::string_view text, T& number) {
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc{} && result.ptr == end;
}

uint64_t read_whole(std::string_view text, std::string_view kind, uint64_t min, uint64_t max) {
  uint64_t number = 0;
  if (!read_number(text, number) || number < min || number > max) {
    refuse(text, kind, fmt::format("a whole number from {} to {}", min, max));
  }
  return number;
}

double read_share(std::string_view text) {
  double share = -1;
  // Not-a-number is in no range.
  if (!read_number(text, share) || !(share >= 0 && share <= 1)) {
    refuse(text, "a share", "a number from 0 to 1, such as 0.05");
  }
  return share;
}

// As Kubernetes writes quantities: k, M, G and T are powers of 1000, Ki, Mi, Gi and Ti of 1024.
uint64_t read_bytes(std::string_view text) {
  constexpr std::string_view kUnits = "kMGT";
  constexpr std::string_view kAdvice =
      "a number of bytes, or one with k, M, G, T, Ki, Mi, Gi or Ti";
  std::string_view digits = text;
  const uint64_t base = digits.ends_with('i') ? 1024 : 1000;
  if (base == 1024) digits.remove_suffix(1);
  size_t power = digits.empty() ? 0 : kUnits.find(digits.back()) + 1;
  if (base == 1024 && !digits.empty() && digits.back() == 'K') power = 1;
  if (power > 0) digits.remove_suffix(1);
  uint64_t bytes = 0;
  if (!read_number(digits, bytes) || (base == 1024 && power == 0)) refuse(text, "a size", kAdvice);
  for (; power > 0; --power) {
    if (bytes > std::numeric_limits<uint64_t>::max() / base) refuse(text, "a size", kAdvice);
    bytes *= base;
  }
  return bytes;
}

Duration read_duration(std::string_view text) {
  const auto duration = parse_duration(text);
  if (!duration || *duration < Duration{}) refuse(text, "a duration", "500ms or 2s");
  return *duration;
}

std::string read_address(const std::string& text) {
  if (!Address::parse(text, 0)) {
    refuse(text, "an IP address", "127.0.0.1, or 0.0.0.0 for all of this machine");
  }
  return text;
}

std::string read_file(const std::string& text) {
  if (text.empty()) refuse(text, "a file", "the path of a PEM file");
  return text;
}

std::vector<std::string> read_models(const std::string& text) {
  std::vector<std::string> models = CLI::detail::split(text, ',');
  for (const std::string& model : models) {
    if (find_model_type(model) == nullptr) throw ConfigError(unknown_model_type(model));
  }
  return models;
}

// The port of "9092", "127.0.0.1:9092" or "", which is Kafka's own.
uint16_t read_kafka_port(std::string_view text) {
  if (text.empty()) return KafkaOptions{}.port;
  const size_t colon = text.rfind(':');
  const std::string_view host = colon == std::string_view::npos ? "" : text.substr(0, colon);
  if (!host.empty() && host != "localhost" && host != "127.0.0.1") {
    refuse(text, "an address of this machine's own", "a port, which is one of 127.0.0.1");
  }
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  return static_cast<uint16_t>(read_whole(port, "a port", 0, kMaxPort));
}

std::string read_topics(const std::string& text) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  constexpr size_t kLongest = 100;
  const bool allowed = text.find_first_not_of(kAllowed) == std::string::npos;
  const size_t dot = text.find('.');
  if (!allowed || text.size() > kLongest || dot == std::string::npos || text.starts_with('.') ||
      text.ends_with('.')) {
    refuse(text, "a prefix and a namespace", "seldon.default, or seldon.seldon-mesh");
  }
  return text;
}

// A broker, if there is none yet.
KafkaOptions& kafka_of(TargetOptions& options) {
  if (!options.kafka) options.kafka.emplace();
  return *options.kafka;
}

// A flag with a value. Reading it writes to the options of the target.
struct ServeFlag {
  const char* name;
  const char* type;           // what the help calls the value
  const char* default_value;  // as the help shows it
  const char* help;
  std::function<void(const std::string& text, TargetOptions& options)> read;
  bool list = false;  // each further value of the flag adds to the list
};

constexpr uint64_t kMaxWorkers = 1024;
constexpr uint64_t kMaxArrivals = 100'000'000;
constexpr uint64_t kMaxLoads = 100'000;
constexpr uint64_t kMaxReplicas = 1000;

using Text = const std::string&;

std::vector<ServeFlag> server_flags() {
  return {
      {"--address", "IP", "127.0.0.1", "IP address to listen at",
       [](Text text, TargetOptions& options) { options.address = read_address(text); }},
      {"--port", "N", "9000", "port to listen at; 0 picks a free one",
       [](Text text, TargetOptions& options) {
         options.port = static_cast<uint16_t>(read_whole(text, "a port", 0, kMaxPort));
       }},
      {"--workers", "N", "1", "threads that serve",
       [](Text text, TargetOptions& options) {
         options.workers = read_whole(text, "a number of threads", 1, kMaxWorkers);
       }},
      {"--max-arrivals", "N", "100000",
       "arrival times each worker keeps for /stats, the latest ones",
       [](Text text, TargetOptions& options) {
         options.max_arrivals = read_whole(text, "a number of arrivals", 0, kMaxArrivals);
       }},
      {"--tls-cert", "FILE", "no TLS",
       "PEM file of a certificate (and the chain above it) to speak TLS with",
       [](Text text, TargetOptions& options) { options.tls_certificate.text = read_file(text); }},
      {"--tls-key", "FILE", "no TLS", "PEM file of its key",
       [](Text text, TargetOptions& options) { options.tls_key.text = read_file(text); }}};
}

std::vector<ServeFlag> behaviour_flags() {
  return {
      {"--latency", "LATENCY", "0ms", "5ms, normal:5ms,1ms or exponential:5ms",
       [](Text text, TargetOptions& options) { options.behaviour.latency = parse_latency(text); }},
      {"--error-rate", "SHARE", "0", "share of requests answered with 503, from 0 to 1",
       [](Text text, TargetOptions& options) { options.behaviour.error_rate = read_share(text); }},
      {"--stall", "STALL", "never", "all answers stop now and then: every=10s,for=500ms",
       [](Text text, TargetOptions& options) { options.behaviour.stall = parse_stall(text); }},
      {"--seed", "N", "1", "seed of latencies and errors", [](Text text, TargetOptions& options) {
         constexpr auto kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
         options.behaviour.seed = read_whole(text, "a seed", 0, kMax);
       }}};
}

std::vector<ServeFlag> model_flags() {
  return {{"--first-token", "LATENCY", "50ms",
           "when the first token of a completion comes, written like --latency",
           [](Text text, TargetOptions& options) {
             options.completion.first_token = parse_latency(text);
           }},
          {"--token-interval", "LATENCY", "10ms", "from each token to the next",
           [](Text text, TargetOptions& options) {
             options.completion.token_interval = parse_latency(text);
           }},
          {"--tokens", "N", "32", "tokens of a completion whose request does not say",
           [](Text text, TargetOptions& options) {
             options.completion.tokens =
                 read_whole(text, "a number of tokens", 1, CompletionRequest::kMaxTokens);
           }},
          {"--load-time", "D", "0ms", "how long it takes to load a model",
           [](Text text, TargetOptions& options) { options.load_time = read_duration(text); }},
          {"--unload-time", "D", "0ms", "how long its scheduler takes to unload one",
           [](Text text, TargetOptions& options) {
             options.scheduler.unload_time = read_duration(text);
           }},
          {"--pipeline-time", "D", "0ms", "how long it takes to make a pipeline, and to end one",
           [](Text text, TargetOptions& options) {
             options.scheduler.pipeline_time = read_duration(text);
           }},
          {"--loads-at-once", "N", "40", "models that its scheduler loads at a time",
           [](Text text, TargetOptions& options) {
             options.scheduler.loads_at_once = read_whole(text, "a number of loads", 1, kMaxLoads);
           }},
          {"--server-replicas", "N", "5", "replicas of each of its scheduler's servers",
           [](Text text, TargetOptions& options) {
             options.scheduler.server_replicas =
                 static_cast<uint32_t>(read_whole(text, "a number of replicas", 1, kMaxReplicas));
           }},
          {"--servers-memory", "BYTES", "no limit",
           "memory of its scheduler's servers, for all models: 1000000, 400k, 64Mi, 2G",
           [](Text text, TargetOptions& options) {
             options.scheduler.servers_memory = read_bytes(text);
           }},
          {"--models", "NAMES", "all", "models loaded from the start, with commas between",
           [](Text text, TargetOptions& options) { options.models = read_models(text); },
           /*list=*/true}};
}

std::vector<ServeFlag> kafka_flags() {
  return {
      {"--kafka", "PORT", "none; 9092 without a number",
       "a Kafka broker at this port of 127.0.0.1, with models and pipelines on its topics",
       [](Text text, TargetOptions& options) { kafka_of(options).port = read_kafka_port(text); }},
      {"--kafka-topics", "PREFIX.NAMESPACE", "seldon.default",
       "what the names of these topics begin with",
       [](Text text, TargetOptions& options) { kafka_of(options).topics = read_topics(text); }}};
}

// Declares the flags; must outlive the parsing.
class ServeFlagReader {
 public:
  explicit ServeFlagReader(CLI::App& app) {
    for (auto flags : {server_flags(), behaviour_flags(), model_flags(), kafka_flags()}) {
      for (ServeFlag& flag : flags)
        declare(app, std::move(flag));
    }
    no_models_ = app.add_flag("--no-models")->description("start with no model loaded");
    no_models_->excludes("--models");
  }

  void read(TargetOptions& options) const {
    for (const auto& [flag, option] : declared_) {
      if (option->count() != 0) read(flag, text_of(flag, option->results()), options);
    }
    if (no_models_->count() != 0) options.models.emplace();
  }

 private:
  void declare(CLI::App& app, ServeFlag flag) {
    // A flag without its value is read as an empty one, for the message that says what to write.
    CLI::Option* option = app.add_option(flag.name)->expected(0, 1)->type_name(flag.type);
    option->description(fmt::format("{} ({})", flag.help, flag.default_value));
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    declared_.emplace_back(std::move(flag), option);
  }

  // Of a flag that is given twice the last one counts.
  static std::string text_of(const ServeFlag& flag, const std::vector<std::string>& values) {
    return flag.list ? fmt::format("{}", fmt::join(values, ",")) : values.back();
  }

  static void read(const ServeFlag& flag, const std::string& text, TargetOptions& options) {
    try {
      flag.read(text, options);
    } catch (const ConfigError& error) {
      throw ConfigError(fmt::format("{}: {}", flag.name, error.what()));
    }
  }

  std::vector<std::pair<ServeFlag, CLI::Option*>> declared_;
  CLI::Option* no_models_ = nullptr;
};

}  // namespace

bool parse_serve_flags(int argc, const char* const* argv, TargetOptions& options) {
  CLI::App app("A local inference server to load: Open Inference Protocol, test routes, /stats",
               "perigee serve");
  const ServeFlagReader reader(app);
  if (!parse_command_line(app, argc, argv, {})) return false;
  reader.read(options);
  return true;
}

std::vector<FlagDescription> serve_flags() {
  CLI::App app;
  const ServeFlagReader reader(app);
  return describe_flags(app);
}

}  // namespace perigee
