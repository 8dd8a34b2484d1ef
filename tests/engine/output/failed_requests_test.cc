#include "engine/output/failed_requests.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/output/summary_data.h"
#include "engine/output/summary_data_reader.h"
#include "engine/output/text_summary.h"
#include "tests/engine/output/sample_run.h"

namespace perigee {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void add_failures(SampleRun& run, const std::string& status, size_t failed, size_t passed = 0) {
  std::vector<double> samples(failed, 1);
  samples.resize(failed + passed, 0);
  run.add("http_req_failed", {{"status", status}, {"url", "http://h/" + status}}, samples);
}

TEST_CASE("the statuses of failed requests stand below their share, the most frequent first") {
  SampleRun run;
  add_failures(run, "404", 1);
  add_failures(run, "503", 2);
  add_failures(run, "0", 1);
  add_failures(run, "200", 0, 4);
  const std::string text = text_summary(run.summary());
  CHECK(has(text,
            "    http_req_failed......: 50.00% 4 out of 8\n"
            "      status 503.........: 25.00% 2 out of 8\n"
            "      no response........: 12.50% 1 out of 8\n"
            "      status 404.........: 12.50% 1 out of 8\n"));
}

TEST_CASE("a status that was expected is none that failed") {
  SampleRun run;
  add_failures(run, "404", 0, 3);
  CHECK_FALSE(has(text_summary(run.summary()), "status 404"));
}

TEST_CASE("rare statuses are one line") {
  SampleRun run;
  for (size_t i = 0; i < 8; ++i)
    add_failures(run, std::to_string(500 + i), 8 - i);
  const auto failures = run.summary().find("http_req_failed")->failures;
  REQUIRE(failures.size() == 6);
  CHECK(failures[0].name == "status 500");
  CHECK(failures[5].name == "others");
  CHECK(failures[5].count == 3 + 2 + 1);
}

TEST_CASE("without the tag status there is no such line") {
  SampleRun run;
  run.add("http_req_failed", {}, {1});
  CHECK(run.summary().find("http_req_failed")->failures.empty());
}

TEST_CASE("a script that prints the usual text has the statuses in it, too") {
  SampleRun run;
  add_failures(run, "503", 2);
  const Summary summary = run.summary();
  const nlohmann::json data = summary_data(summary, {});
  CHECK(data["metrics"]["http_req_failed"]["failures"] ==
        nlohmann::json::parse(R"([{"name": "status 503", "count": 2}])"));
  CHECK(text_summary(read_summary_data(data)) == text_summary(summary));
}

}  // namespace
}  // namespace perigee
