#include "cli/infer/flags.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/infer/words.h"
#include "cli/load_flags.h"
#include "engine/base/config_error.h"

namespace perigee {
namespace {

using enum SettingKind;

constexpr std::array kServer{
    Setting{"address", "-a,--server_address", "", kText, "HOST", "the server"},
    Setting{"grpcPort", "-p,--grpc_port", "", kWhole, "PORT", "its port of gRPC"},
    Setting{"restPort", "-r,--rest_port", "", kWhole, "PORT", "its port of HTTP"},
    Setting{
        "api", "--api", "", kText, "auto|KFS|REST|TFS|TFS-REST",
        "how to infer: KFS is the Open Inference Protocol over gRPC, REST over HTTP, TFS the API "
        "of TensorFlow Serving over gRPC, TFS-REST over HTTP (default auto: the server is asked)"},
    Setting{"model", "-m,--model_name", "", kText, "NAME", "the model"},
    Setting{"version", "-v,--model_version", "", kText, "VERSION", "its version"},
    Setting{"list", "-l,--list_models", "", kSwitch, "",
            "list models and their status, with -m also what the model takes; no load"},
    Setting{"certificates", "--certs_dir", "", kText, "DIR",
            "speak TLS with server.pem (who is trusted), client.pem and client.key of this folder"},
    Setting{"stepTimeout", "--step_timeout", "", kText, "S",
            "seconds of an inference (default 30)"},
    Setting{"metadataTimeout", "--metadata_timeout", "", kText, "S",
            "seconds of what is asked before the load (default 45)"},
    Setting{"tries", "--tries", "", kWhole, "N",
            "how often a server that isn't there is asked, a second apart (default 48)"}};

constexpr std::array kLoad{
    Setting{"connections", "-c,--concurrency", "", kWhole, "N",
            "clients, each with one inference at a time (default 1)"},
    Setting{"requests", "-n,--steps_number", "", kWhole, "N",
            "inferences of each client; with --rps of all; with -t what comes first"},
    Setting{"duration", "-t,--duration", "", kText, "S", "seconds of the load (default 10)"},
    Setting{"rate", "--rps", "", kText, "N",
            "inferences that start each second over all clients, however slow the responses are"},
    Setting{"maxThroughput", "--max_throughput", "", kText, "N",
            "frames per second that all clients together keep below"},
    Setting{"sharedConnections", "--connections", "", kWhole, "N",
            "connections of gRPC that all clients share (default: each has its own)"},
    Setting{"warmup", "-u,--warmup", "", kText, "S", "seconds of warm-up (default 0)"},
    Setting{"window", "-w,--window", "", kText, "S",
            "seconds of the window behind it (default: until the end)"},
    Setting{"errorLimit", "-e,--error_limit", "", kWhole, "N",
            "end the run when a client has had more failures (default 0: never)"},
    Setting{"errorExposition", "-x,--error_exposition", "", kWhole, "N",
            "failures of a client that are logged (default 0: all)"}};

constexpr std::array kData{
    Setting{"batchSizes", "-b,--bs", "", kTexts, "N...",
            "batch sizes, in turn: 1 2 4 or 1-2-4 (default: the model's, or 1)"},
    Setting{"shapes", "-s,--shape", "", kTexts, "SIZES...",
            "the shape of inputs: 1 3 224 224, or NAME: 1 3 224 224 OTHER: 1 10"},
    Setting{
        "data", "-d,--data", "", kTexts, "METHOD...",
        "random, string or FILE.npy, for all inputs, or INPUT:METHOD for each (default random)"},
    Setting{"inputs", "--input", "", kTexts, "NAME:TYPE:SIZES",
            "an input that the server says nothing of, like predict:FP32:1,4; may be repeated"},
    Setting{"datasetLength", "-k,--dataset_length", "", kWhole, "N",
            "requests made before the load (default: one per batch size)"},
    Setting{"statefulLength", "-q,--stateful_length", "", kWhole, "N",
            "requests of each sequence of a stateful model (default 0: no sequences)"},
    Setting{"statefulId", "--stateful_id", "", kWhole, "N",
            "the sequence of the first client, to which each other adds one (default 1)"},
    Setting{"statefulHop", "--stateful_hop", "", kWhole, "N",
            "what a client's next sequence adds to its last one (default 0: the same again)"},
    Setting{"minValue", "--min_value", "", kText, "X", "of random values (default 0)"},
    Setting{"maxValue", "--max_value", "", kText, "X", "of random values (default 255)"},
    Setting{"binary", "--binary", "", kText, "auto|on|off",
            "over REST, send values behind the JSON (default auto: if the server says it can)"}};

constexpr std::array kResults{
    Setting{"id", "-i,--id", "", kText, "NAME", "what lines begin with (default worker)"},
    Setting{"json", "-j,--json", "", kSwitch, "",
            "print lines of JSON-OUTPUT:###ID###TOPIC###JSON"},
    Setting{"printAll", "--print_all", "", kSwitch, "", "print all figures as lines"},
    Setting{"printSummary", "--print_summary", "", kSwitch, "",
            "print the figures of the window as a table (-ps)"},
    Setting{"reportWarmup", "--report_warmup", "", kSwitch, "", "with figures of the warm-up"},
    Setting{"printTime", "--print_time", "", kSwitch, "",
            "the time of day in front of printed lines"},
    Setting{"internalVersion", "--internal_version", "", kSwitch, "",
            "print this program's version"},
    Setting{"quantiles", "--quantile_list", "", kTexts, "Q...",
            "quantiles from 0 to 1 in place of the histogram"},
    Setting{"histFactor", "--hist_factor", "", kText, "X", "of the histogram (default 100)"},
    Setting{"histBase", "--hist_base", "", kText, "X", "of the histogram (default 1.5)"},
    Setting{"fail", "--fail", "", kSwitch, "", "exit with 99 if an inference fails"}};

// What that client is told and happens here anyway; the help does not list it.
constexpr std::array kUsual{Setting{"unbuffered", "--unbuffered", "", kSwitch, "", ""},
                            Setting{"syncInterval", "--sync_interval", "", kText, "", ""}};

constexpr int64_t kMostPort = 65535;

// What other commands that load report, too; here their letters mean something else.
std::vector<Setting> shared_results() {
  std::vector<Setting> shared;
  for (Setting setting : result_settings()) {
    if (setting.key == "json" || setting.key == "fail") continue;
    setting.flag.remove_prefix(setting.flag.find("--"));
    shared.push_back(setting);
  }
  return shared;
}

std::array<SettingGroup, 6> setting_groups_of_infer() {
  static const std::vector<Setting> kShared = shared_results();
  return {{{"Server", true, kServer},
           {"Load", true, kLoad},
           {"Data", true, kData},
           {"Result", true, kResults},
           {"Result", true, kShared},
           {"", true, kUsual}}};
}

void accept(std::string_view /*flag*/, const std::string& /*value*/) {}

double parse_number(const JsonReader& flags, const char* key, const std::string& text) {
  size_t end = 0;
  double number = 0;
  try {
    number = std::stod(text, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  if (end != text.size() || text.empty() || !std::isfinite(number)) {
    flags.fail(key, fmt::format("must be a number, got \"{}\"", text));
  }
  return number;
}

// A setting of perigee.inference, which is not below `least`.
void read_number(const JsonReader& flags, const char* key, const char* name, double least,
                 InferLoad& load) {
  if (!flags.has(key)) return;
  std::string text;
  flags.read(key, text);
  const double number = parse_number(flags, key, text);
  if (number < least) flags.fail(key, fmt::format("must be at least {}, got {}", least, text));
  load.numbers.emplace_back(name, number);
}

void read_whole(const JsonReader& flags, const char* key, const char* name, int64_t least,
                InferLoad& load) {
  if (!flags.has(key)) return;
  int64_t number = 0;
  flags.read(key, number, least);
  load.numbers.emplace_back(name, static_cast<double>(number));
}

// Of seconds, in whichever spelling.
void read_time(const JsonReader& flags, const char* key, const char* name, InferLoad& load) {
  const auto time = read_seconds(flags, key);
  if (time) load.numbers.emplace_back(name, std::chrono::duration<double>(*time).count());
}

void read_port(const JsonReader& flags, const char* key, std::optional<int64_t>& port) {
  if (!flags.has(key)) return;
  flags.read(key, port.emplace(), 1);
  if (*port > kMostPort) flags.fail(key, fmt::format("must be a port, got {}", *port));
}

// An address of IPv6 has more than one colon.
void check_address(const JsonReader& flags, const std::string& address) {
  if (address.empty()) throw ConfigError("name the server: -a HOST, and -p or -r for its port");
  if (address.find('/') != std::string::npos) {
    flags.fail("address", fmt::format("must be a host, got \"{}\"", address));
  }
  const size_t colon = address.find(':');
  if (colon == std::string::npos || colon != address.rfind(':')) return;
  flags.fail("address",
             fmt::format("must be the host alone: write -a {0} -p {1} for gRPC, or -a {0} -r {1} "
                         "for HTTP",
                         address.substr(0, colon), address.substr(colon + 1)));
}

void check_ports(const InferLoad& load) {
  if ((load.api == "KFS" || load.api == "TFS") && !load.grpc_port) {
    throw ConfigError(fmt::format("--api {}: give -p PORT, too", load.api));
  }
  if ((load.api == "REST" || load.api == "TFS-REST") && !load.rest_port) {
    throw ConfigError(fmt::format("--api {}: give -r PORT, too", load.api));
  }
  if (load.grpc_port || load.rest_port) return;
  throw ConfigError("no port is given: write -p PORT for gRPC, -r PORT for HTTP, or both");
}

void read_server(const JsonReader& flags, InferLoad& load) {
  flags.read("address", load.address);
  check_address(flags, load.address);
  read_port(flags, "grpcPort", load.grpc_port);
  read_port(flags, "restPort", load.rest_port);
  flags.read("api", load.api);
  constexpr std::array<std::string_view, 5> kApis{"auto", "KFS", "REST", "TFS", "TFS-REST"};
  if (!load.api.empty() && std::find(kApis.begin(), kApis.end(), load.api) == kApis.end()) {
    flags.fail("api",
               fmt::format("must be auto, KFS, REST, TFS or TFS-REST, got \"{}\"", load.api));
  }
  check_ports(load);
  flags.read("model", load.model);
  flags.read("version", load.version);
  flags.read("list", load.list);
  if (load.model.empty() && !load.list) {
    throw ConfigError("name the model: -m NAME; -l lists those of the server");
  }
  flags.read("certificates", load.certificates);
  if (!load.certificates.empty()) {
    if (!std::filesystem::is_directory(load.certificates))
      flags.fail("certificates", fmt::format("there is no folder \"{}\"", load.certificates));
    load.certificates = std::filesystem::absolute(load.certificates).lexically_normal();
  }
  read_time(flags, "stepTimeout", "step_timeout", load);
  read_time(flags, "metadataTimeout", "metadata_timeout", load);
  read_whole(flags, "tries", "tries", 1, load);
}

double number_of(const InferLoad& load, std::string_view name) {
  for (const auto& [known, number] : load.numbers) {
    if (known == name) return number;
  }
  return 0;
}

// The figures of such a window are those of what there is of it.
void check_window(InferLoad& load) {
  if (!load.duration) return;
  const double end = number_of(load, "warmup") + number_of(load, "window");
  const double length = std::chrono::duration<double>(*load.duration).count();
  if (end <= length) return;
  load.warnings.push_back(
      fmt::format("the window ends {} s after the start, and the load after {} s: give -t {}", end,
                  length, end));
}

void read_load(const JsonReader& flags, InferLoad& load) {
  read_amount(flags, "inferences", load);
  if (!load.connections_given) load.connections = 1;
  load.each = !load.rate;
  if (load.list) load.requests = 1;
  read_number(flags, "maxThroughput", "max_throughput", 1e-6, load);
  read_whole(flags, "sharedConnections", "connections", 1, load);
  // No warm-up, and a window of no length, are what nobody means to wait for.
  for (const char* key : {"warmup", "window"}) {
    std::string text;
    flags.read(key, text);
    if (!text.empty() && text.find_first_not_of("0.") != std::string::npos)
      read_time(flags, key, key, load);
  }
  check_window(load);
  read_whole(flags, "errorLimit", "error_limit", 0, load);
  read_whole(flags, "errorExposition", "error_exposition", 0, load);
  load.numbers.emplace_back("concurrency", static_cast<double>(load.connections));
}

std::vector<std::string> texts(const JsonReader& flags, const char* key) {
  std::vector<std::string> list;
  flags.read(key, list);
  return list;
}

void read_data(const JsonReader& flags, InferLoad& load) {
  load.batch_sizes = parse_batch_sizes(texts(flags, "batchSizes"));
  parse_shapes(texts(flags, "shapes"), load);
  parse_data(texts(flags, "data"), load);
  for (const std::string& word : texts(flags, "inputs"))
    load.inputs.push_back(parse_input(word));
  read_whole(flags, "datasetLength", "dataset_length", 1, load);
  read_whole(flags, "statefulLength", "stateful_length", 0, load);
  if (number_of(load, "stateful_length") == 1) {
    flags.fail("statefulLength",
               "must be 0, for no sequences, or at least 2: one request begins a sequence, and "
               "another ends it");
  }
  read_whole(flags, "statefulId", "stateful_id", 0, load);
  read_whole(flags, "statefulHop", "stateful_hop", 0, load);
  read_number(flags, "minValue", "min_value", -1e308, load);
  read_number(flags, "maxValue", "max_value", -1e308, load);
  std::string binary;
  flags.read("binary", binary);
  if (binary == "on" || binary == "off") {
    load.binary = binary == "on";
  } else if (!binary.empty() && binary != "auto") {
    flags.fail("binary", fmt::format("must be auto, on or off, got \"{}\"", binary));
  }
}

void read_results(const JsonReader& flags, InferLoad& load) {
  flags.read("id", load.id);
  for (const auto& [key, output] : {std::pair("printSummary", "short"),
                                    std::pair("printAll", "all"), std::pair("json", "json")}) {
    bool given = false;
    flags.read(key, given);
    if (given) load.output = output;
  }
  flags.read("reportWarmup", load.report_warmup);
  flags.read("printTime", load.print_time);
  read_number(flags, "histFactor", "hist_factor", 1e-9, load);
  read_number(flags, "histBase", "hist_base", 1e-9, load);
  for (const std::string& word : texts(flags, "quantiles")) {
    const double quantile = parse_number(flags, "quantiles", word);
    if (quantile < 0 || quantile > 1)
      flags.fail("quantiles", fmt::format("must be from 0 to 1, got {}", word));
    load.quantiles.push_back(quantile);
  }
}

}  // namespace

InferFlagReader::InferFlagReader(CLI::App& app)
    : app_(app), table_(app, setting_groups_of_infer()) {}

bool InferFlagReader::parse(int argc, const char* const* argv) {
  return parse_words(app_, usual_infer_words(argc, argv), refused_infer_habits());
}

InferFlags InferFlagReader::read() const {
  const OptionLayer layer = table_.written(accept);
  const JsonReader reader(layer.values, "flags", layer.names);
  InferFlags flags;
  read_server(reader, flags.load);
  read_load(reader, flags.load);
  read_data(reader, flags.load);
  read_results(reader, flags.load);
  read_thresholds(reader, "inference", flags.load);
  read_result(reader, flags.result);
  return flags;
}

std::vector<FlagDescription> infer_flags() {
  CLI::App app;
  const InferFlagReader reader(app);
  return describe_flags(app);
}

}  // namespace perigee
