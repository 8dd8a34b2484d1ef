// Everything that a run can write and send, at one time.
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/http_answers.h"
#include "tests/support/process.h"
#include "tests/support/raw_client.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

constexpr const char* kScript = R"lua(
local size = require("perigee.metrics").trend("size")
return {
  options = { vus = 2, iterations = 40, linger = true },
  default = function() size:add(20) end,
})lua";

size_t count_of(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

// A server that takes all.
struct Receiver {
  RawServer server{{answers(std::vector<std::string>(8, answer("200 OK")))}};

  bool got(const std::string& part) {
    if (!server.wait_for_requests(1)) return false;
    std::string all;
    for (const std::string& request : server.requests())
      all += request;
    return all.find(part) != std::string::npos;
  }
};

// The port of "http://127.0.0.1:PORT/metrics" in the log.
uint16_t scrape_port(const std::string& log) {
  constexpr std::string_view kBefore = "metrics for Prometheus: http://127.0.0.1:";
  const size_t at = log.find(kBefore);
  REQUIRE_MESSAGE(at != std::string::npos, log);
  return static_cast<uint16_t>(std::stoul(log.substr(at + kBefore.size())));
}

}  // namespace

TEST_CASE("eight outputs and two reports of one run have the same numbers") {
  Receiver written;
  Receiver as_in_k6;
  Receiver influx;
  Receiver telemetry;
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  std::vector<std::string> command{perigee_program(), "run", "--quiet"};
  for (const std::string& output :
       {std::string("csv=rows.csv"), std::string("json=rows.json"),
        std::string("results=run.perigee"), std::string("prometheus=127.0.0.1:0"),
        "prometheus-rw=" + written.server.url("/a"),
        "experimental-prometheus-rw=" + as_in_k6.server.url("/b"),
        "influxdb=" + influx.server.url("/db"), "opentelemetry=" + telemetry.server.url("/")})
    command.insert(command.end(), {"--out", output});
  command.insert(command.end(), {"--report", "r.csv", "--report", "r.html", "script.lua"});
  Process process(command, {.environment = {{"K6_OTEL_EXPORTER_PROTOCOL", "http/protobuf"}},
                            .folder = folder / ""});
  process.wait_for_error("lingering");
  const std::string page = RawClient(scrape_port(process.err())).get("/metrics").body;
  CHECK_MESSAGE(page.find("perigee_size_sum{scenario=\"default\"} 800\n") != std::string::npos,
                page);
  process.signal(SIGINT);
  const ProcessResult& result = process.wait();
  CHECK_MESSAGE(result.exit_code == 0, result.err);
  CHECK_MESSAGE(result.out.find("missing") == std::string::npos, result.out);
  CHECK(count_of(read_text(folder / "rows.csv"), "\nsize,") == 40);
  // One more describes the metric.
  CHECK(count_of(read_text(folder / "rows.json"), "\"metric\":\"size\"") == 41);
  CHECK(written.got("POST /a HTTP/1.1\r\n"));
  CHECK(as_in_k6.got("POST /b HTTP/1.1\r\n"));
  CHECK(influx.got("count=40i"));
  CHECK(telemetry.got("POST /v1/metrics HTTP/1.1\r\n"));
  CHECK(read_text(folder / "r.csv").find(",size,,count,40") != std::string::npos);
  CHECK(read_text(folder / "r.html").find("</html>") != std::string::npos);
  const ProcessResult report = run_process(
      {perigee_program(), "report", "run.perigee", "--format", "csv"}, {.folder = folder / ""});
  CHECK(report.out.find(",size,,count,40") != std::string::npos);
}

}  // namespace perigee
