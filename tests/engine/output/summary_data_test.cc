#include "engine/output/summary_data.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/output/summary_data_reader.h"
#include "engine/output/text_summary.h"
#include "tests/engine/output/sample_run.h"

namespace perigee {
namespace {

using nlohmann::json;

struct UsualRun : SampleRun {
  UsualRun() {
    threshold("http_req_duration", {"max<=100", "p(95)<300"});
    threshold("http_req_failed", {"rate<0.05"});
    add_usual_samples();
  }
};

TEST_CASE("a threshold that holds is ok, and a rate's share is called rate") {
  UsualRun run;
  const json data = summary_data(run.summary(), {.no_color = true});
  const json& duration = data["metrics"]["http_req_duration"];
  CHECK(duration["type"] == "trend");
  CHECK(duration["contains"] == "time");
  CHECK(duration["thresholds"] ==
        json{{"p(95)<300", {{"ok", true}}}, {"max<=100", {{"ok", false}}}});
  CHECK(data["metrics"]["http_req_failed"]["values"] ==
        json{{"rate", 0.025}, {"passes", 1}, {"fails", 39}});
  CHECK(data["options"]["noColor"] == true);
  CHECK(data["state"]["testRunDurationMs"] == 12000);
  CHECK_FALSE(data.contains("warnings"));
}

TEST_CASE("groups and checks are lists") {
  UsualRun run;
  const json root = summary_data(run.summary(), {})["root_group"];
  CHECK(root["checks"][0]["name"] == "status is 200");
  CHECK(root["groups"][0]["name"] == "login");
  CHECK(root["groups"][0]["groups"][0]["checks"][0]["path"] == "::login::token::has a token");
}

TEST_CASE("the text of the data is the text of the summary") {
  UsualRun run;
  const Summary summary = run.summary({"Mind the gap."});
  CHECK(text_summary(read_summary_data(summary_data(summary, {}))) == text_summary(summary));
}

TEST_CASE("names keep bytes that are not UTF-8, and a number that is none is shown as NaN") {
  SampleRun run;
  run.add("checks", {{"group", ""}, {"check", "caf\xe9"}}, {1});
  run.add("http_reqs", {}, {1});
  json data = summary_data(run.summary(), {});
  CHECK(data["root_group"]["checks"][0]["name"] == "caf\xe9");
  data["metrics"]["http_reqs"]["values"]["count"] = std::nan("");
  CHECK(text_summary(read_summary_data(data)).find("http_reqs............: NaN") !=
        std::string::npos);
}

TEST_CASE("the data says what was not measured, and its text as well") {
  SampleRun run;
  run.threshold("http_req_duration{staus:200}", {"p(95)<1"});
  run.add("http_req_duration", {{"status", "200"}}, {1});
  const Summary summary = run.summary();
  const json data = summary_data(summary, {});
  CHECK(data["metrics"]["http_req_duration{staus:200}"]["noSamples"] == true);
  CHECK(data["metrics"]["http_req_duration{staus:200}"]["thresholds"] ==
        json{{"p(95)<1", {{"ok", true}}}});
  CHECK_FALSE(data["metrics"]["http_req_duration"].contains("noSamples"));
  CHECK(data["metrics"]["data_sent"]["values"] == json{{"count", 0}, {"rate", 0}});
  CHECK(text_summary(read_summary_data(data)) == text_summary(summary));
}

TEST_CASE("a metric that was taken out of the data is not in the text") {
  UsualRun run;
  json data = summary_data(run.summary(), {});
  data["metrics"].erase("http_req_duration");
  data["metrics"]["iterations"]["values"]["count"] = 7;
  const std::string text = text_summary(read_summary_data(data));
  CHECK(text.find("    http_req_duration...") == std::string::npos);
  CHECK(text.find("iterations.....................: 7") != std::string::npos);
}

TEST_CASE("empty lists may have become empty tables on the way") {
  SampleRun run;
  run.add("http_reqs", {}, {1});
  json data = summary_data(run.summary(), {});
  data["root_group"]["groups"] = json::object();
  data["root_group"]["checks"] = json::object();
  CHECK_NOTHROW(read_summary_data(data));
}

TEST_CASE("what is no data of a summary is an error that says so") {
  CHECK_THROWS_WITH_AS(read_summary_data(json::array()),
                       "this is not the data that handleSummary was given", std::runtime_error);
  CHECK_THROWS_WITH_AS(read_summary_data({{"metrics", {{"a", {{"type", "sum"}}}}}}),
                       "metrics[\"a\"].type is \"sum\", and none of counter, gauge, rate, trend",
                       std::runtime_error);
}

}  // namespace
}  // namespace perigee
