// perigee http: a load without a script.
#include <csignal>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/process/script_run.h"
#include "tests/support/http2_frames.h"
#include "tests/support/http_answers.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

using nlohmann::json;

// perigee http WORDS...
ProcessResult http(std::vector<std::string> words, const Process::Options& options = {}) {
  words.insert(words.begin(), {perigee_program(), "http"});
  return run_process(words, options);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The document as Python's json reads and writes it.
json read_by_python(const std::string& document) {
  const ScratchFolder folder;
  std::ofstream(folder / "result.json") << document;
  const ProcessResult result = run_process(
      {"python3", "-c", "import json,sys; print(json.dumps(json.load(open('result.json'))))"},
      {.folder = folder / ""});
  INFO(document, result.err);
  REQUIRE(result.exit_code == 0);
  return json::parse(result.out);
}

}  // namespace

TEST_CASE("perigee http sends as many requests as -n says, and tells what came back") {
  const TargetProcess target;
  const ProcessResult run = http({"-n", "200", "-c", "4", target.url() + "/bytes/100"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(run.err.empty());
  const std::string load =
      fmt::format("GET {}/bytes/100: 4 connections, 200 requests\n", target.url());
  CHECK(run.out.starts_with("  " + load + "\n"));
  CHECK(has(run.out, "\n  █ " + load));
  CHECK(has(run.out, "    requests...: 200 "));
  CHECK(has(run.out, "    failed.....: 0.00% 0 out of 200\n"));
  CHECK(has(run.out, "\n    99.9%.....: "));
  CHECK(has(run.out, "\n    200...: 200\n"));
  CHECK(target.stats("/bytes/{n}")["requests"] == 200);
}

TEST_CASE("--json is one document on the standard output and nothing else") {
  const TargetProcess target;
  const ProcessResult run = http({"--json", "-q", "100", "-n", "50", "-d", "{\"a\":1}", "-T",
                                  "application/json", target.url() + "/echo"});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK(run.err.empty());
  const json result = read_by_python(run.out);
  CHECK(result["method"] == "POST");
  CHECK(result["url"] == target.url() + "/echo");
  CHECK(result["requests"]["count"] == 50);
  CHECK(result["requests"]["failed"] == 0);
  CHECK(result["status_codes"] == json{{"200", 50}});
  CHECK(result["latency_ms"]["count"] == 50);
  CHECK(result["latency_from_due_ms"]["count"] == 50);
  CHECK(result["latency_ms"]["p50"] <= result["latency_ms"]["max"]);
  CHECK(result["errors"] == json::array());
  CHECK(target.requests() == 50);
}

TEST_CASE("statuses of 400 and above are failures; with -f they are the exit code") {
  const TargetProcess target;
  const std::string url = target.url() + "/no/such/route";
  const ProcessResult run = http({"-s", "-n", "10", url});
  INFO(run.out);
  CHECK(run.exit_code == 0);
  CHECK(has(run.out, "failed.....: 100.00% 10 out of 10\n"));
  CHECK(has(run.out, "\n    404...: 10\n"));
  CHECK(http({"-s", "-f", "-n", "10", url}).exit_code == 99);
  const ProcessResult missed =
      http({"-s", "--threshold", "p(95)<0.000001", "-n", "10", target.url() + "/v2"});
  CHECK(missed.exit_code == 99);
  CHECK(has(missed.out, "    ✗ 'p(95)<0.000001' p(95)="));
}

TEST_CASE("a server that is not there is no success") {
  const ProcessResult run = http({"-s", "-n", "5", "-c", "2", "http://127.0.0.1:1/"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 110);
  CHECK(has(run.out, "failed.....: 100.00% 5 out of 5\n"));
  CHECK(has(run.out, "    5  dial: connection refused\n"));
  CHECK(has(run.err, "no request was answered"));
  CHECK_FALSE(has(run.err, "Request Failed"));
  const ProcessResult as_json = http({"--json", "-n", "5", "http://127.0.0.1:1/"});
  CHECK(as_json.exit_code == 110);
  CHECK(json::parse(as_json.out)["errors"][0] ==
        json{{"error", "dial: connection refused"}, {"code", 1212}, {"count", 5}});
}

TEST_CASE("Ctrl+C prints what there is") {
  const TargetProcess target;
  Process run({perigee_program(), "http", "-z", "10m", "-c", "2", target.url() + "/v2"});
  run.wait_for_line("running (0m0");
  run.signal(SIGINT);
  const ProcessResult& result = run.wait();
  INFO(result.out, result.err);
  CHECK(result.exit_code == 105);
  CHECK(has(result.out, "LATENCY"));
  CHECK(has(result.out, "\n    200...: "));
}

TEST_CASE("https is loaded with one's own authority and certificate") {
  const TestAuthority authority;
  RawServer server({answers(4)},
                   {.identity = authority.issue(), .client_authority = authority.certificate()});
  const ScratchFolder folder;
  const TestIdentity client = authority.issue({.names = {"DNS:client"}});
  std::ofstream(folder / "ca.pem") << authority.certificate();
  std::ofstream(folder / "both.pem") << client.certificate << encrypted_key(client.key, "secret");
  const auto load = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"-s", "-n", "4", "-c", "1", server.url()});
    return http(words, {.folder = folder / ""});
  };
  const ProcessResult run = load({"--cacert", "ca.pem", "-E", "both.pem:secret"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(has(run.out, "    200...: 4\n"));
  const ProcessResult unknown = load({"-E", "both.pem:secret"});
  INFO(unknown.out, unknown.err);
  CHECK(unknown.exit_code == 110);
  CHECK(has(unknown.out, "    4  x509: unknown authority\n"));
  CHECK(load({"--cacert", "ca.pem"}).exit_code == 110);
  CHECK(load({"--cacert", "both.pem", "-E", "both.pem:wrong"}).exit_code == 104);
}

TEST_CASE("--h2c speaks HTTP/2 without TLS") {
  RawServer::Script script{RawServer::send(http2::settings())};
  for (const uint32_t stream : {1U, 3U}) {
    script.push_back(http2::await_request());
    script.push_back(RawServer::send(http2::answer(stream, "x")));
  }
  script.push_back(RawServer::hang());
  RawServer server({script});
  const ProcessResult run = http({"-s", "-n", "2", "-c", "1", "--h2c", server.url()});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(has(run.out, "    200...: 2\n"));
  CHECK(server.connections() == 1);
}

TEST_CASE("-F sends a multipart form, and -x goes through a proxy") {
  RawServer proxy({answers(1)});
  const ScratchFolder folder;
  std::ofstream(folder / "a.txt") << "its text";
  const ProcessResult run = http({"-s", "-n", "1", "-F", "name=value", "-F", "file=@a.txt", "-x",
                                  proxy.url(), "http://nowhere.test/upload"},
                                 {.folder = folder / ""});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  const std::string request = proxy.requests().at(0);
  INFO(request);
  CHECK(request.starts_with("POST http://nowhere.test/upload HTTP/1.1\r\n"));
  CHECK(has(request, "Content-Type: multipart/form-data; boundary="));
  CHECK(has(request, "form-data; name=\"name\"\r\n\r\nvalue\r\n"));
  CHECK(has(request,
            "name=\"file\"; filename=\"a.txt\"\r\n"
            "Content-Type: application/octet-stream\r\n\r\nits text\r\n"));
}

TEST_CASE("neither a configuration file nor variables change the load") {
  const TargetProcess target;
  const ScratchFolder folder;
  std::ofstream(folder / "perigee.yaml") << "vus: 77\nnonsense: 1\n";
  const ProcessResult run =
      http({"-s", "-n", "6", target.url() + "/v2"},
           {.environment = {{"K6_ITERATIONS", "99"}, {"PERIGEE_VUS", "3"}}, .folder = folder / ""});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK(target.requests() == 6);
}

TEST_CASE("new --from http writes the scenario that does the same") {
  const TargetProcess target;
  const ScratchFolder folder;
  std::ofstream(folder / "body.json") << "{\"inputs\": []}";
  const std::vector<std::string> words{"-n",
                                       "40",
                                       "-c",
                                       "3",
                                       "-D",
                                       "body.json",
                                       "-T",
                                       "application/json",
                                       "-H",
                                       "X-Probe: say \"hi\"",
                                       "-t",
                                       "5",
                                       target.url() + "/echo"};
  std::vector<std::string> writing{perigee_program(), "new", "--from", "http"};
  writing.insert(writing.end(), words.begin(), words.end());
  writing.emplace_back("made.lua");
  const ProcessResult written = run_process(writing, {.folder = folder / ""});
  INFO(written.err);
  CHECK(written.exit_code == 0);
  CHECK(written.out == "perigee run made.lua\n");
  const ProcessResult run =
      run_process({perigee_program(), "run", "-q", "made.lua"}, {.folder = folder / ""});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(target.requests() == 40);
  CHECK(http(words, {.folder = folder / ""}).exit_code == 0);
  CHECK(target.requests() == 80);
  CHECK(run_process(writing, {.folder = folder / ""}).exit_code == 104);
  CHECK(run_process({perigee_program(), "new", "--from", "curl"}).exit_code == 104);
  const ProcessResult without_url = run_process({perigee_program(), "new", "--from", "http"});
  CHECK(without_url.err.find("name a URL: perigee new --from http URL") != std::string::npos);
}

TEST_CASE("a closed port is no load: after a hundred refusals it pauses, and says so") {
  const ProcessResult run = http({"-s", "-n", "110", "-c", "1", "http://127.0.0.1:1/"});
  CHECK(run.exit_code == 110);
  CHECK(has(run.out, "  110  dial: connection refused\n"));
  CHECK(has(run.out, "After 100 requests in a row that reached no server, further ones waited"));
  CHECK_FALSE(has(run.out, "The load generator was the limit"));
}

TEST_CASE("perigee http writes reports and a result file of its load") {
  const TargetProcess target;
  const ScratchFolder folder;
  const ProcessResult run = http({"-s", "-n", "8", "--report", "r.html", "--report", "r.csv",
                                  "--out", "results=run.perigee", target.url()},
                                 {.folder = folder / ""});
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK(has(read_text(folder / "r.html"), "perigee http"));
  CHECK(has(read_text(folder / "r.csv"), ",http_reqs,,count,8"));
  CHECK(run_process({perigee_program(), "report", "run.perigee"}, {.folder = folder / ""})
            .exit_code == 0);
  const ProcessResult refused = http({"-n", "1", "--report", "r.pdf", target.url()});
  CHECK(refused.exit_code == 104);
  CHECK(has(refused.err, "--report: r.pdf"));
}

TEST_CASE("an output takes the samples of perigee http, too") {
  const TargetProcess target;
  const ScratchFolder folder;
  const ProcessResult run =
      http({"-s", "-n", "8", "--out", "csv=samples.csv.gz", target.url()}, {.folder = folder / ""});
  CHECK(run.exit_code == 0);
  CHECK(CsvTable(folder / "samples.csv.gz").rows("http_reqs") == 8);
}

}  // namespace perigee
