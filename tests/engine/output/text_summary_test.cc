#include "engine/output/text_summary.h"

#include <string>

#include <doctest/doctest.h>

#include "tests/engine/output/sample_run.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

std::string golden(const std::string& name) {
  return read_text("tests/engine/output/golden/" + name);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the summary of a usual run is laid out as people know it") {
  SampleRun run;
  run.threshold("http_req_duration", {"p(95)<300", "max<=100"});
  run.threshold("http_req_failed", {"rate<0.05"});
  run.threshold("iterations", {"rate>1"});
  run.add_usual_samples();
  CHECK(text_summary(run.summary()) == golden("compact.txt"));
}

TEST_CASE("the full summary shows the phases of requests and the groups' durations") {
  SampleRun run;
  run.add_usual_samples();
  CHECK(text_summary(run.summary(), {.full = true}) == golden("full.txt"));
}

TEST_CASE("warnings come last, in whole sentences") {
  SampleRun run;
  run.add("iterations", {}, {1});
  CHECK(text_summary(run.summary({"The load generator was busy 97 % of the time."})) ==
        golden("warnings.txt"));
}

TEST_CASE("colours are there only on request") {
  SampleRun run;
  run.threshold("http_req_duration", {"p(95)<300"});
  run.add_usual_samples();
  CHECK_FALSE(has(text_summary(run.summary()), "\x1b"));
  SampleRun same;
  same.threshold("http_req_duration", {"p(95)<300"});
  same.add_usual_samples();
  const std::string coloured = text_summary(same.summary(), {.colours = true});
  CHECK(has(coloured, "\x1b[32m✓\x1b[0m"));
  CHECK(has(coloured, "\x1b[31m✗\x1b[0m"));
}

TEST_CASE("what went wrong is shown when it did") {
  SampleRun run;
  run.add("iterations", {}, {1});
  run.add("iterations_interrupted", {}, {3});
  run.add("dropped_iterations", {}, {7});
  const std::string text = text_summary(run.summary());
  CHECK(has(text, "    dropped_iterations.......: 7   0.7/s\n"));
  CHECK(has(text, "    iterations_interrupted...: 3   0.3/s\n"));
}

TEST_CASE("a detail that thresholds name is shown in the compact summary too") {
  SampleRun run;
  run.threshold("http_req_waiting", {"p(95)<300"});
  run.add_usual_samples();
  const std::string text = text_summary(run.summary());
  CHECK(has(text, "    http_req_waiting"));
  CHECK_FALSE(has(text, "    http_req_blocked"));
}

TEST_CASE("what was not measured has no figures") {
  SampleRun run;
  run.add("http_reqs", {{"status", "200"}}, {1});
  run.threshold("http_req_duration{staus:200}", {"p(95)<1"});
  run.threshold("http_req_failed", {"rate<0.1"});
  run.threshold("http_reqs{status:500}", {"count<1"});
  run.threshold("iteration_errors", {"count==0"});
  const std::string text = text_summary(run.summary());
  INFO(text);
  CHECK(has(text, "    http_req_duration{staus:200}\n    ✓ 'p(95)<1' no samples\n"));
  CHECK(has(text, "    ✓ 'rate<0.1' no samples\n"));
  CHECK(has(text, "    ✓ 'count<1' no samples\n"));
  CHECK(has(text, "    ✓ 'count==0' count=0\n"));
  CHECK(has(text, "      { staus:200 }......: no samples\n"));
  CHECK(has(text, "    http_req_failed......: no samples\n"));
  CHECK(has(text, "      { status:500 }.....: 0   0/s\n"));
  CHECK(has(text, "    iteration_duration...: no samples\n"));
  CHECK(has(text, "    iterations...........: 0   0/s\n"));
  CHECK(has(text, "    data_sent............: 0 B 0 B/s\n"));
}

TEST_CASE("parts of the checks stand with the checks") {
  SampleRun run;
  run.threshold("checks{scenario:a}", {"rate>0.5"});
  run.add("checks", {{"check", "ok"}, {"group", ""}, {"scenario", "a"}}, {1, 1, 1});
  const std::string text = text_summary(run.summary());
  CHECK(has(text, "    checks_total.......: 3       0.3/s\n"));
  CHECK(has(text, "      { scenario:a }...: 100.00% 3 out of 3\n"));
}

TEST_CASE("a group without a check in it or below is not among the checks") {
  SampleRun run;
  run.add("checks", {{"group", ""}, {"check", "fine"}}, {1});
  run.add("checks", {{"group", "::outer::inner"}, {"check", "deep"}}, {1});
  run.add("group_duration", {{"group", "::look"}}, {5});
  run.add("group_duration", {{"group", "::outer::empty"}}, {5});
  const std::string text = text_summary(run.summary());
  CHECK(has(text, "    ✓ fine\n\n    █ outer\n\n      █ inner\n\n        ✓ deep\n\n    EXECUTION"));
  CHECK_FALSE(has(text, "look"));
  CHECK_FALSE(has(text, "empty"));
}

TEST_CASE("a run without anything measured has a summary") {
  SampleRun run;
  CHECK(text_summary(run.summary()) ==
        "  █ TOTAL RESULTS\n\n"
        "    EXECUTION\n"
        "    iteration_duration...: no samples\n"
        "    iterations...........: 0   0/s\n\n"
        "    NETWORK\n"
        "    data_received........: 0 B 0 B/s\n"
        "    data_sent............: 0 B 0 B/s\n");
}

}  // namespace
}  // namespace perigee
