// Command lines as users of the OpenVINO benchmark client type them, and the scenarios they stand
// for.
#include "cli/infer/flags.h"

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

#include "cli/infer/script.h"
#include "engine/base/config_error.h"

namespace perigee {
namespace {

InferLoad parse(std::vector<std::string> words) {
  words.insert(words.begin(), "infer");
  std::vector<const char*> pointers;
  for (const std::string& word : words)
    pointers.push_back(word.c_str());
  CLI::App app("", "perigee infer");
  InferFlagReader reader(app);
  const bool parsed = reader.parse(static_cast<int>(pointers.size()), pointers.data());
  CHECK(parsed);
  return reader.read().load;
}

// ... behind which a server and a model are named.
InferLoad load(std::vector<std::string> words) {
  words.insert(words.end(), {"-a", "h", "-p", "1", "-m", "iris"});
  return parse(std::move(words));
}

std::string script(std::vector<std::string> words) {
  return infer_script(load(std::move(words)));
}

std::string error_of(std::vector<std::string> words) {
  try {
    parse(std::move(words));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

std::string error_beside_server(std::vector<std::string> words) {
  words.insert(words.end(), {"-a", "h", "-p", "1", "-m", "iris"});
  return error_of(std::move(words));
}

void has(const std::string& text, const std::string& part) {
  INFO(text);
  INFO(part);
  CHECK(text.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("the command lines of the benchmark client's own page are taken") {
  const InferLoad listing =
      parse({"-a", "localhost", "-r", "30002", "-l", "-m", "resnet", "-p", "30001", "-i", "id"});
  CHECK(listing.list);
  CHECK(listing.id == "id");
  CHECK(listing.rest_port == 30002);
  const InferLoad steps = parse({"-a", "localhost", "-r", "30002", "-m", "resnet", "-p", "30001",
                                 "-n", "8", "--report_warmup", "--print_all"});
  CHECK(steps.requests == 8);
  CHECK(steps.report_warmup);
  CHECK(steps.output == "all");
  const InferLoad named = parse({"--server-address=h", "--grpc-port", "1", "--model-name", "m"});
  CHECK(named.address == "h");
  CHECK(parse({"-a", "h", "-p", "1", "-m", "m", "-ps"}).output == "short");
}

TEST_CASE("flags that take several values take all words up to the next flag") {
  const InferLoad sizes =
      load({"-b", "1", "2-4", "8", "-s", "x:", "1", "3", "y:0:", "2", "-n", "3"});
  CHECK(sizes.batch_sizes == Sizes{1, 2, 4, 8});
  REQUIRE(sizes.shapes.size() == 2);
  CHECK(sizes.shapes[0].first == "x");
  CHECK(sizes.shapes[0].second == Sizes{1, 3});
  CHECK(sizes.shapes[1].first == "y:0");
  CHECK(load({"-s", "1", "3", "224", "224"}).shape == Sizes{1, 3, 224, 224});
  CHECK(load({"--quantile_list", "0.5", "0.99"}).quantiles == std::vector{0.5, 0.99});
  CHECK(load({"-d", "random"}).data == "random");
  CHECK(load({"-d", "x:random", "y:string"}).datas.size() == 2);
}

TEST_CASE("steps are those of each client, and with a rate those of all") {
  has(script({"-n", "8", "-c", "4", "-t", "60"}), "executor = \"per-vu-iterations\"");
  has(script({"-n", "8", "-c", "4", "-t", "60"}), "maxDuration = \"1m\"");
  has(script({"-t", "5", "-c", "4"}), "vus = 4");
  has(script({"--rps", "100", "-t", "5"}), "executor = \"constant-arrival-rate\"");
  has(script({}), "duration = \"10s\"");
}

TEST_CASE("a script has what the flags say, under the names of perigee.inference") {
  const std::string text = script({"--api",
                                   "KFS",
                                   "-v",
                                   "3",
                                   "-u",
                                   "1",
                                   "-w",
                                   "2",
                                   "-e",
                                   "5",
                                   "-x",
                                   "2",
                                   "-k",
                                   "7",
                                   "--max_throughput",
                                   "50",
                                   "--min_value",
                                   "-1",
                                   "--max_value",
                                   "1",
                                   "--input",
                                   "predict:FP32:1,4",
                                   "--binary",
                                   "off",
                                   "--connections",
                                   "2",
                                   "-q",
                                   "4",
                                   "--stateful_id",
                                   "9",
                                   "--stateful-hop",
                                   "3",
                                   "--print_time",
                                   "--sync_interval",
                                   "1"});
  for (const char* part :
       {"api = \"KFS\"", "version = \"3\"", "warmup = 1,", "window = 2,", "error_limit = 5,",
        "error_exposition = 2,", "dataset_length = 7,", "max_throughput = 50,", "min_value = -1,",
        "max_value = 1,", "{ name = \"predict\", datatype = \"FP32\", shape = { 1, 4 } }",
        "binary = false,", "connections = 2,", "grpc_port = 1,", "model = \"iris\"",
        "stateful_length = 4,", "stateful_id = 9,", "stateful_hop = 3,", "print_time = true"})
    has(text, part);
}

TEST_CASE("a window that ends after the load is warned of") {
  CHECK(load({"-t", "10", "-u", "5", "-w", "5"}).warnings.empty());
  CHECK(load({"-n", "10", "-u", "5", "-w", "5"}).warnings.empty());
  const InferLoad late = load({"-t", "10", "-u", "5", "-w", "6"});
  REQUIRE(late.warnings.size() == 1);
  has(late.warnings[0],
      "the window ends 11 s after the start, and the load after 10 s: give -t 11");
}

TEST_CASE("what is missing or out of range is told with the flag to give") {
  has(error_of({"-p", "1", "-m", "x"}), "name the server: -a HOST");
  has(error_of({"-a", "h", "-m", "x"}), "no port is given: write -p PORT for gRPC");
  has(error_of({"-a", "h", "-p", "1"}), "name the model: -m NAME");
  has(error_of({"-a", "h:9000", "-p", "1", "-m", "x"}), "write -a h -p 9000 for gRPC");
  has(error_of({"-a", "h", "-r", "1", "-m", "x", "--api", "KFS"}), "--api KFS: give -p PORT, too");
  has(error_beside_server({"--api", "SOAP"}),
      "must be auto, KFS, REST, TFS or TFS-REST, got \"SOAP\"");
  has(error_of({"-a", "h", "-p", "70000", "-m", "x"}), "must be a port, got 70000");
  has(error_beside_server({"-q", "1"}), "--stateful_length: must be 0, for no sequences, or");
  has(error_beside_server({"-b", "0"}), "--bs: must be whole numbers above 0");
  has(error_beside_server({"-s", "1", "x"}), "--shape: must be whole numbers above 0");
  has(error_beside_server({"-s", "x:"}), "--shape: x: has no sizes");
  has(error_beside_server({"--input", "x"}), "--input: must be like NAME:FP32:1,4");
  has(error_beside_server({"--quantile_list", "1.5"}), "must be from 0 to 1, got 1.5");
  has(error_beside_server({"--min_value", "low"}), "must be a number, got \"low\"");
  has(error_beside_server({"-Y", "mongodb:h:d:c"}), "--out json=FILE");
  has(error_beside_server({"-d", "random", "x:string"}), "one method for all inputs");
}

}  // namespace perigee
