// perigee infer: a served model without a script, at the built-in target.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/process/script_run.h"
#include "tests/support/target_process.h"
#include "tests/support/test_authority.h"

namespace perigee {
namespace {

using nlohmann::json;

std::string port(const TargetProcess& target) {
  return target.url().substr(target.url().rfind(':') + 1);
}

// perigee infer -a ... -p ... -r ... WORDS...
ProcessResult infer(const TargetProcess& target, const std::vector<std::string>& words) {
  std::vector<std::string> all{perigee_program(), "infer", "-a",        "127.0.0.1", "-p",
                               port(target),      "-r",    port(target)};
  all.insert(all.end(), words.begin(), words.end());
  return run_process(all);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// What stands behind "JSON-OUTPUT:###ID###TOPIC###" in the output.
json marked(const ProcessResult& run, const std::string& mark) {
  INFO(run.out, run.err);
  const size_t at = run.out.find(mark);
  REQUIRE(at != std::string::npos);
  const size_t begin = at + mark.size();
  return json::parse(run.out.substr(begin, run.out.find('\n', begin) - begin));
}

// Inferences that the server has counted by itself.
uint64_t inferences(const TargetProcess& target) {
  const json stats = target.stats();
  return stats["grpc"]["methods"].value("/inference.GRPCInferenceService/ModelInfer", uint64_t{0}) +
         stats["routes"].value("/v2/models/{model}/infer", uint64_t{0});
}

}  // namespace

TEST_CASE("a model is loaded over gRPC, and every figure is printed") {
  const TargetProcess target;
  const ProcessResult run = infer(target, {"-m", "iris", "-n", "8", "-c", "2", "-b", "1", "3",
                                           "--report_warmup", "--print_all"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(has(run.out, "XI worker: set version of model iris: "));
  CHECK(has(run.out, "XI worker:   dtype: FP32\n"));
  CHECK(has(run.out, "XI worker: total_batches: 16\n"));
  CHECK(has(run.out, "XI worker: total_frames: 32\n"));
  CHECK(has(run.out, "XI worker: window_pass_batches: 16\n"));
  CHECK(has(run.out, "XI worker: warmup_first_latency: inf\n"));
  CHECK(has(run.out, "XI worker: submetrics: 2\n"));
  CHECK(has(run.err, "its API is KFS"));
  CHECK(inferences(target) == 16);
}

TEST_CASE("a model is loaded over HTTP, and the figures are JSON behind their mark") {
  const TargetProcess target;
  const ProcessResult run =
      infer(target, {"--api", "REST", "-m", "tfsimple", "-n", "5", "-j", "-i", "one"});
  const json figures = marked(run, "JSON-OUTPUT:###one###STATISTICS###");
  CHECK(run.exit_code == 0);
  CHECK(figures.at("total_batches") == 5);
  CHECK(figures.at("fail_batches") == 0);
  CHECK(figures.at("pass_max_latency") > 0);
  CHECK(figures.at("first_latency") <= figures.at("pass_max_latency"));
  CHECK(inferences(target) == 5);
}

TEST_CASE("models are listed with their status, and what one of them takes") {
  const TargetProcess target;
  const ProcessResult all = infer(target, {"-l"});
  INFO(all.out, all.err);
  CHECK(all.exit_code == 0);
  CHECK(has(all.out, "XI worker: found models and their status:\n"));
  CHECK(has(all.out, "XI worker:  model: iris, version: "));
  CHECK(has(all.out, "/v1/config\nXI worker: received status code is 200.\n"));
  CHECK(has(all.out, " - AVAILABLE\n"));
  const ProcessResult one = infer(target, {"-l", "-m", "tfsimple", "-j"});
  const json metadata = marked(one, "###METADATA###");
  CHECK(metadata.at("inputs").at(0).at("datatype") == "INT32");
  CHECK(marked(one, "###STATUS###").size() > 1);
  CHECK(inferences(target) == 0);
}

TEST_CASE("a model is loaded by the API of TensorFlow Serving, and printed by its names") {
  const TargetProcess target;
  const ProcessResult run =
      infer(target, {"--api", "TFS", "-m", "tfsimple", "-n", "3", "--print_all"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(has(run.out, "XI worker:   dtype: DT_INT32\n"));
  CHECK(has(run.out, "XI worker:   tensorShape: {'dim': [{'size': '-1'}, {'size': '16'}]}\n"));
  CHECK(has(run.out, "XI worker: Generated data shape: (1, 16)\n"));
  CHECK(has(run.out, "XI worker: pass_batches: 3\n"));
}

TEST_CASE("without a form of its own the result is the program's summary") {
  const TargetProcess target;
  const ProcessResult run = infer(target, {"-m", "add10", "-n", "4", "--quiet"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(has(run.out, "inference_req_duration"));
  CHECK(has(infer(target, {"-m", "add10", "-n", "4", "-ps"}).out, "Latency in the window, ms\n"));
}

TEST_CASE("a rate and thresholds are those of the program") {
  const TargetProcess target;
  const ProcessResult run = infer(target, {"-m", "iris", "--rps", "200", "-n", "20", "-j",
                                           "--threshold", "inference_frames:count>1000"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 99);
  CHECK(marked(run, "###STATISTICS###").at("total_batches") == 20);
}

TEST_CASE("an inference that fails makes the exit code one of failure") {
  const TargetProcess target;
  const ProcessResult run =
      infer(target, {"-m", "add10", "-n", "3", "-s", "INPUT:", "3", "-x", "1", "-j"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 110);
  const json figures = marked(run, "###STATISTICS###");
  CHECK(figures.at("fail_batches") == 3);
  CHECK(figures.at("first_latency").is_null());
}

TEST_CASE("a client that has had more failures than the limit ends the run") {
  const TargetProcess target;
  const ProcessResult run =
      infer(target, {"-m", "add10", "-n", "50", "-s", "INPUT:", "3", "-e", "2", "-j"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 108);
  CHECK(marked(run, "###STATISTICS###").at("fail_batches") == 3);
}

TEST_CASE("what can't be loaded is told before the load, and what there is") {
  const TargetProcess target;
  const ProcessResult model = infer(target, {"-m", "cat", "-n", "1"});
  INFO(model.out, model.err);
  CHECK(model.exit_code == 110);
  CHECK(has(model.err, "msg=\"the server has no metadata of model"));
  CHECK(has(model.err, "iris"));
  const ProcessResult input = infer(target, {"-m", "iris", "-n", "1", "-s", "cat:", "4"});
  CHECK(input.exit_code == 110);
  CHECK(has(input.err, "which is no input of the model"));
  const ProcessResult data = infer(target, {"-m", "iris", "-n", "1", "-d", "string"});
  CHECK(data.exit_code == 110);
  CHECK(has(data.err, "takes FP32, no strings"));
}

TEST_CASE("a folder of certificates makes connections TLS, over either API") {
  const ScratchFolder folder;
  const TestAuthority authority;
  const TestIdentity identity = authority.issue();
  std::ofstream(folder / "server.pem") << authority.certificate();
  std::ofstream(folder / "client.pem") << identity.certificate;
  std::ofstream(folder / "client.key") << identity.key;
  const TargetProcess target(
      {"--tls-cert=" + (folder / "client.pem"), "--tls-key=" + (folder / "client.key")});
  for (const std::string api : {"KFS", "REST"}) {
    const ProcessResult run = infer(target, {"--api", api, "-m", "iris", "-n", "2", "-j",
                                             "--certs_dir", folder / "", "--tries", "1"});
    INFO(run.out, run.err);
    CHECK(run.exit_code == 0);
    CHECK(marked(run, "###STATISTICS###").at("pass_batches") == 2);
  }
}

TEST_CASE("a server that is not there is waited for, and then told with why") {
  const ProcessResult run = run_process(
      {perigee_program(), "infer", "-a", "127.0.0.1", "-p", "1", "-m", "iris", "--tries", "2"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 110);
  CHECK(has(run.err, "waiting for the server, up to 2 s"));
  CHECK(has(run.err, "no inference server: KFS at 127.0.0.1:1: "));
}

TEST_CASE("the script that new writes does what the command would") {
  const TargetProcess target;
  const ScratchFolder folder;
  const std::string file = folder / "script.lua";
  const ProcessResult made =
      run_process({perigee_program(), "new", "--from", "infer", file, "-a", "127.0.0.1", "-p",
                   port(target), "-m", "iris", "-n", "3", "-j"});
  INFO(made.out, made.err);
  REQUIRE(made.exit_code == 0);
  const ProcessResult run = run_process({perigee_program(), "run", "--quiet", file});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(marked(run, "###STATISTICS###").at("total_batches") == 3);
}

TEST_CASE("clients of a stateful model have a sequence each, and lines the time of day") {
  const TargetProcess target;
  const ProcessResult run = infer(target, {"-m", "stateful_sum", "-n", "8", "-c", "3", "-q", "4",
                                           "--print_all", "--print_time"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(has(run.out, "] XI worker: total_batches: 24\n"));
  CHECK(has(run.out, "] XI worker: fail_batches: 0\n"));
  CHECK(run.out.front() == '[');
}

TEST_CASE("the version is printed without a server") {
  const ProcessResult run = run_process({perigee_program(), "infer", "--internal_version"});
  CHECK(run.exit_code == 0);
  CHECK(run.out.find_first_not_of("0123456789.\n") == std::string::npos);
}

}  // namespace perigee
