#include "cli/serve_flags.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

TargetOptions parse(std::vector<const char*> words) {
  words.insert(words.begin(), "serve");
  TargetOptions options;
  const bool parsed = parse_serve_flags(static_cast<int>(words.size()), words.data(), options);
  CHECK(parsed);
  return options;
}

std::string error_of(const std::vector<const char*>& words) {
  try {
    parse(words);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("without flags the target is the usual one") {
  const TargetOptions options = parse({});
  CHECK(options.address == "127.0.0.1");
  CHECK(options.port == 9000);
  CHECK(options.workers == 1);
  CHECK(options.completion.first_token.mean == 50ms);
  CHECK(options.completion.token_interval.mean == 10ms);
  CHECK(options.completion.tokens == 32);
  CHECK(options.load_time == 0ms);
  CHECK(options.max_arrivals == 100'000);
  CHECK_FALSE(options.models);
}

TEST_CASE("each flag sets what it is named after") {
  const TargetOptions options = parse({"--address",
                                       "::1",
                                       "--port=0",
                                       "--workers",
                                       "2",
                                       "--max-arrivals",
                                       "5",
                                       "--tls-cert",
                                       "a.pem",
                                       "--tls-key",
                                       "b.pem",
                                       "--latency",
                                       "normal:5ms,1ms",
                                       "--error-rate",
                                       "0.5",
                                       "--stall",
                                       "every=10s,for=1s",
                                       "--seed",
                                       "7",
                                       "--first-token",
                                       "1ms",
                                       "--token-interval",
                                       "2ms",
                                       "--tokens",
                                       "3",
                                       "--load-time",
                                       "4s"});
  CHECK(options.address == "::1");
  CHECK(options.port == 0);
  CHECK(options.workers == 2);
  CHECK(options.max_arrivals == 5);
  CHECK(options.tls_certificate.text == "a.pem");
  CHECK(options.tls_key.text == "b.pem");
  CHECK(options.behaviour.latency.mean == 5ms);
  CHECK(options.behaviour.latency.deviation == 1ms);
  CHECK(options.behaviour.error_rate == 0.5);
  CHECK(options.behaviour.stall.length == 1s);
  CHECK(options.behaviour.seed == 7);
  CHECK(options.completion.first_token.mean == 1ms);
  CHECK(options.completion.token_interval.mean == 2ms);
  CHECK(options.completion.tokens == 3);
  CHECK(options.load_time == 4s);
}

TEST_CASE("the scheduler has its own times and limits") {
  const SchedulerOptions options =
      parse({"--unload-time", "2s", "--pipeline-time", "3s", "--loads-at-once", "3",
             "--server-replicas", "2", "--servers-memory", "1500"})
          .scheduler;
  CHECK(options.unload_time == 2s);
  CHECK(options.pipeline_time == 3s);
  CHECK(options.loads_at_once == 3);
  CHECK(options.server_replicas == 2);
  CHECK(options.servers_memory == 1500);
}

TEST_CASE("memory is written as Kubernetes writes quantities") {
  const auto bytes = [](const char* text) {
    return parse({"--servers-memory", text}).scheduler.servers_memory;
  };
  CHECK(bytes("0") == 0);
  CHECK(bytes("400k") == 400'000);
  CHECK(bytes("43M") == 43'000'000);
  CHECK(bytes("2G") == 2'000'000'000);
  CHECK(bytes("1Ki") == 1024);
  CHECK(bytes("64Mi") == 67'108'864);
  for (const char* text : {"", "k", "i", "1i", "1kk", "1.5G", "-1", "99999999999T", "1 k"}) {
    CAPTURE(text);
    CHECK(
        error_of({"--servers-memory", text}) ==
        fmt::format("--servers-memory: \"{}\" is not a size; write a number of bytes, or one with "
                    "k, M, G, T, Ki, Mi, Gi or Ti",
                    text));
  }
}

TEST_CASE("models are a list, and none at all is one, too") {
  using Models = std::vector<std::string>;
  CHECK(parse({"--models", "iris,echo"}).models == Models{"iris", "echo"});
  CHECK(parse({"--models", "iris", "--models", "echo"}).models == Models{"iris", "echo"});
  CHECK(parse({"--no-models"}).models == Models{});
  CHECK(error_of({"--models", "iris", "--no-models"}).find("--no-models") != std::string::npos);
}

TEST_CASE("of a flag of the target that is given twice the last one counts") {
  CHECK(parse({"--port", "1", "--port", "2"}).port == 2);
}

TEST_CASE("a value that can't be read is named with its flag and with what to write") {
  struct {
    const char *flag, *value, *message;
  } cases[] = {
      {"--address", "localhost",
       "\"localhost\" is not an IP address; write 127.0.0.1, or 0.0.0.0 for all of this machine"},
      {"--port", "http", "\"http\" is not a port; write a whole number from 0 to 65535"},
      {"--port", "65536", "\"65536\" is not a port; write a whole number from 0 to 65535"},
      {"--port", "-1", "\"-1\" is not a port; write a whole number from 0 to 65535"},
      {"--workers", "0", "\"0\" is not a number of threads; write a whole number from 1 to 1024"},
      {"--max-arrivals", "1e3",
       "\"1e3\" is not a number of arrivals; write a whole number from 0 to 100000000"},
      {"--latency", "5", "no error"},
      {"--latency", "fast",
       "\"fast\" is not a latency; write 5ms, normal:5ms,1ms (mean and deviation) or "
       "exponential:5ms"},
      {"--first-token", "soon",
       "\"soon\" is not a latency; write 5ms, normal:5ms,1ms (mean and deviation) or "
       "exponential:5ms"},
      {"--token-interval", "-1ms",
       "\"-1ms\" is not a latency; write 5ms, normal:5ms,1ms (mean and deviation) or "
       "exponential:5ms"},
      {"--error-rate", "5%", "\"5%\" is not a share; write a number from 0 to 1, such as 0.05"},
      {"--error-rate", "1.5", "\"1.5\" is not a share; write a number from 0 to 1, such as 0.05"},
      {"--error-rate", "nan", "\"nan\" is not a share; write a number from 0 to 1, such as 0.05"},
      {"--stall", "10s",
       "\"10s\" is not a stall; write every=10s,for=500ms, with every longer than for"},
      {"--seed", "x", "\"x\" is not a seed; write a whole number from 0 to 9223372036854775807"},
      {"--tokens", "0", "\"0\" is not a number of tokens; write a whole number from 1 to 100000"},
      {"--load-time", "long", "\"long\" is not a duration; write 500ms or 2s"},
      {"--tls-cert", "", "\"\" is not a file; write the path of a PEM file"},
      {"--kafka", "x", "\"x\" is not a port; write a whole number from 0 to 65535"},
      {"--kafka", "10.0.0.1:9092",
       "\"10.0.0.1:9092\" is not an address of this machine's own; write a port, which is one of "
       "127.0.0.1"},
      {"--kafka-topics", "seldon",
       "\"seldon\" is not a prefix and a namespace; write seldon.default, or seldon.seldon-mesh"},
      {"--models", "iris,irsi",
       "there is no model type \"irsi\" (did you mean \"iris\"?); the types are add10, echo, iris, "
       "mlflow_wine, onnx_gpt2, pytorch_cifar10, sentiment, stateful_sum, synth, tfmnist, "
       "tfresnet152, tfsimple, "
       "tfsimple_string"}};
  for (const auto& [flag, value, message] : cases) {
    const std::string name = flag;
    CAPTURE(name);
    const std::string expected = std::string(flag) + ": " + message;
    CHECK(error_of({flag, value}) ==
          (std::string_view(message) == "no error" ? message : expected));
  }
}

TEST_CASE("a flag of the target without its value says what to write") {
  CHECK(error_of({"--port"}) == "--port: \"\" is not a port; write a whole number from 0 to 65535");
  for (const FlagDescription& flag : serve_flags()) {
    // The broker has a usual port.
    if (flag.value.empty() || flag.names.back() == "--kafka") continue;
    CAPTURE(flag.names.back());
    const std::string error = error_of({flag.names.back().c_str()});
    CHECK(error.starts_with(flag.names.back() + ": "));
    CHECK(std::min(error.find("write "), error.find("the types are")) != std::string::npos);
    if (flag.names.back() == "--models") continue;  // excludes the other
    CHECK(error_of({flag.names.back().c_str(), "--no-models"}) == error);
  }
}

TEST_CASE("a broker has Kafka's usual port, or the one that --kafka says") {
  CHECK_FALSE(parse({}).kafka);
  CHECK(parse({"--kafka"}).kafka->port == 9092);
  CHECK(parse({"--kafka", "--port", "0"}).kafka->port == 9092);
  CHECK(parse({"--kafka=19092"}).kafka->port == 19092);
  CHECK(parse({"--kafka", "localhost:0"}).kafka->port == 0);
  CHECK(parse({"--kafka=127.0.0.1:19092"}).kafka->port == 19092);
  CHECK(parse({"--kafka"}).kafka->topics == "seldon.default");
  CHECK(parse({"--kafka-topics", "seldon.seldon-mesh"}).kafka->topics == "seldon.seldon-mesh");
  CHECK(parse({"--kafka-topics", "a.b", "--kafka=1"}).kafka->topics == "a.b");
}

TEST_CASE("an unknown flag of the target names the closest one") {
  CHECK(error_of({"--latenc", "5ms"}) ==
        "there is no flag --latenc (did you mean \"--latency\"?); see perigee serve --help");
  CHECK(error_of({"--paused"}) == "there is no flag --paused; see perigee serve --help");
  CHECK(error_of({"9000"}) == "\"9000\" is too many; see perigee serve --help");
}

TEST_CASE("the help has a word for the value of every flag") {
  for (const FlagDescription& flag : serve_flags()) {
    CAPTURE(flag.names.back());
    for (const char* type : {"TEXT", "INT", "UINT", "FLOAT"})
      CHECK(flag.value.find(type) == std::string::npos);
    CHECK(flag.value.find(' ') == std::string::npos);
    const bool is_switch = flag.names.back() == "--help" || flag.names.back() == "--no-models";
    CHECK(flag.value.empty() == is_switch);
  }
}

}  // namespace perigee
