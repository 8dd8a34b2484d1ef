// The results of `perigee http` and `perigee grpc` for a small run, byte for byte.
#include "engine/output/load_report.h"

#include <cstdlib>
#include <fstream>

#include <doctest/doctest.h>

#include "engine/output/load_report_json.h"
#include "engine/output/load_report_text.h"
#include "tests/engine/output/sample_run.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

const TagSet kOk{{"status", "200"}, {"method", "GET"}};
const TagSet kBusy{{"status", "503"}, {"method", "GET"}, {"error_code", "1503"}};
const TagSet kRefused{
    {"status", "0"}, {"error", "dial: connection refused"}, {"error_code", "1212"}};

void add_request(SampleRun& run, const TagSet& tags, double waiting, double connecting) {
  const bool answered = *tags.find("status") != "0";
  run.add("http_reqs", tags, {1});
  run.add("http_req_failed", tags, {*tags.find("status") == "200" ? 0.0 : 1.0});
  run.add("http_req_duration", tags, {answered ? waiting : 0});
  run.add("http_req_waiting", tags, {answered ? waiting : 0});
  run.add("http_req_blocked", tags, {connecting});
  run.add("http_req_connecting", tags, {connecting});
}

LoadReport report_of(SampleRun& run) {
  Aggregator aggregator(run.registry(), run.thresholds());
  const Summary summary = run.summary({"Mind the gap."}, aggregator);
  LoadReport report = make_http_report(aggregator, summary);
  report.method = "GET";
  report.target = "http://h/";
  report.load = "2 connections, 10s";
  return report;
}

// Ten answers, one of them 503, and two refused connections.
LoadReport usual_report() {
  SampleRun run;
  run.threshold("http_req_duration", {"p(95)<300", "max<100"});
  for (int i = 0; i < 9; ++i)
    add_request(run, kOk, 1 << i, i == 0 ? 0.5 : 0);
  add_request(run, kBusy, 80, 1.5);
  add_request(run, kRefused, 0, 0);
  add_request(run, kRefused, 0, 0);
  run.add("data_sent", {}, {4'860});
  run.add("data_received", {}, {519'000});
  return report_of(run);
}

// With PERIGEE_WRITE_GOLDEN set the files are written anew instead.
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = "tests/engine/output/golden/" + name;
  if (std::getenv("PERIGEE_WRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
  CHECK(text == read_text(path));
}

}  // namespace

TEST_CASE("the report of a URL is as it was, as text and as JSON") {
  const LoadReport report = usual_report();
  check_golden("http_report.txt", load_report_text(report));
  check_golden("http_report.json", load_report_json(report));
}

TEST_CASE("the latency is that of answers, the errors are counted apart") {
  const LoadReport report = usual_report();
  CHECK(report.requests == 12);
  CHECK(report.failed == 3);
  CHECK(report.latency.count() == 10);
  CHECK(report.latency.min() == 1);
  CHECK(report.statuses == std::map<std::string, uint64_t>{{"200", 9}, {"503", 1}});
  REQUIRE(report.errors.size() == 1);
  CHECK(report.errors[0].text == "dial: connection refused");
  CHECK(report.errors[0].code == 1212);
  CHECK(report.errors[0].count == 2);
  CHECK_FALSE(report.from_due);
}

TEST_CASE("connecting is told of the connections that were made") {
  const LoadReport report = usual_report();
  REQUIRE(report.phases.size() == 3);
  CHECK(report.phases[0].key == "blocked");
  CHECK(report.phases[0].times.count() == 12);
  CHECK(report.phases[1].key == "connecting");
  CHECK(report.phases[1].times.count() == 2);
  CHECK(report.phases[1].times.avg() == 1);
  CHECK(report.phases[1].times.max() == 1.5);
}

TEST_CASE("with a rate there is also the time from when a request was due") {
  SampleRun run;
  add_request(run, kOk, 5, 0);
  run.add("iteration_latency", {}, {25});
  run.add("dropped_iterations", {}, {3});
  const std::string text = load_report_text(report_of(run));
  INFO(text);
  CHECK(text.find("of answers from when due\n") != std::string::npos);
  CHECK(text.find("99%.......: 5ms        25ms\n") != std::string::npos);
  CHECK(text.find("dropped....: 3     due while all connections were taken\n") !=
        std::string::npos);
}

TEST_CASE("without an answer there are only errors") {
  SampleRun run;
  add_request(run, kRefused, 0, 0);
  const LoadReport report = report_of(run);
  CHECK_FALSE(report.answered());
  const std::string text = load_report_text(report);
  CHECK(text.find("LATENCY") == std::string::npos);
  CHECK(text.find("    1  dial: connection refused\n") != std::string::npos);
}

TEST_CASE("calls that have reached no server are no answers") {
  LoadReport report;
  CHECK_FALSE(report.answered());
  report.words.unreached = "Unavailable";
  report.statuses = {{"Unavailable", 3}};
  CHECK_FALSE(report.answered());
  report.statuses["NotFound"] = 1;
  CHECK(report.answered());
}

TEST_CASE("bars fit the terminal") {
  const LoadReport report = usual_report();
  const std::string wide = load_report_text(report, {.columns = 200});
  const std::string narrow = load_report_text(report, {.columns = 40});
  const std::string bar = "█";
  const auto longest = [&](const std::string& text) {
    size_t most = 0;
    size_t run = 0;
    for (size_t at = 0; at < text.size();) {
      const bool full = text.compare(at, bar.size(), bar) == 0;
      run = full ? run + 1 : 0;
      most = std::max(most, run);
      at += full ? bar.size() : 1;
    }
    return most;
  };
  CHECK(longest(wide) == 50);
  CHECK(longest(narrow) < 34);
  CHECK(longest(narrow) >= 20);
}

}  // namespace perigee
