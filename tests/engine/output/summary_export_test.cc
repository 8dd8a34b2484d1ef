#include "engine/output/summary_export.h"

#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/sample_run.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

using nlohmann::json;

json exported(SampleRun& run) {
  return json::parse(summary_export(run.summary()));
}

TEST_CASE("the file of a usual run is k6's") {
  SampleRun run;
  run.threshold("http_req_duration", {"p(95)<300", "max<=100"});
  run.threshold("http_reqs{scenario:none}", {"count==0"});
  run.add_usual_samples();
  CHECK(summary_export(run.summary()) + "\n" ==
        read_text("tests/engine/output/golden/summary_export.json"));
}

TEST_CASE("a threshold that failed is true, as in k6") {
  SampleRun run;
  run.threshold("http_reqs", {"count>0", "count>5"});
  run.add("http_reqs", {}, {1});
  const json thresholds = exported(run)["metrics"]["http_reqs"]["thresholds"];
  CHECK(thresholds["count>0"] == false);
  CHECK(thresholds["count>5"] == true);
}

TEST_CASE("each kind of metric has its own values") {
  SampleRun run;
  run.add("tokens_out", {}, {15, 10});
  run.add("queue_depth", {}, {4, 2});
  run.add("http_req_failed", {}, {1, 0, 0, 0});
  const json metrics = exported(run)["metrics"];
  CHECK(metrics["tokens_out"] == json{{"count", 25}, {"rate", 2.5}});
  CHECK(metrics["queue_depth"] == json{{"value", 2}, {"min", 2}, {"max", 4}});
  CHECK(metrics["http_req_failed"] == json{{"value", 0.25}, {"passes", 1}, {"fails", 3}});
}

TEST_CASE("what was not measured has k6's zeros, and the fixed rows are always there") {
  SampleRun run;
  run.threshold("http_req_duration{staus:200}", {"p(95)<1"});
  const json metrics = exported(run)["metrics"];
  CHECK(metrics["http_req_duration{staus:200}"] == json{{"avg", 0},
                                                        {"min", 0},
                                                        {"med", 0},
                                                        {"max", 0},
                                                        {"p(90)", 0},
                                                        {"p(95)", 0},
                                                        {"thresholds", {{"p(95)<1", false}}}});
  CHECK(metrics["iterations"] == json{{"count", 0}, {"rate", 0}});
  CHECK(metrics["data_received"] == json{{"count", 0}, {"rate", 0}});
  CHECK(metrics["iteration_duration"]["p(95)"] == 0);
}

TEST_CASE("whole numbers are written without a fraction") {
  SampleRun run;
  run.add("tokens_out", {}, {20});
  CHECK(summary_export(run.summary()).find("\"count\": 20,") != std::string::npos);
}

TEST_CASE("ids are the MD5 sums of paths") {
  SampleRun run;
  run.add("checks", {{"group", "::login"}, {"check", "ok"}}, {1});
  const json root = exported(run)["root_group"];
  CHECK(root["id"] == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(root["groups"]["login"]["id"] == "a7d10b3a6c9a385ee254f0dbc7f9c8c9");
  CHECK(root["groups"]["login"]["checks"]["ok"]["path"] == "::login::ok");
}

TEST_CASE("what setup returned is there when it returned something") {
  SampleRun run;
  CHECK_FALSE(exported(run).contains("setup_data"));
  const std::string text = summary_export(run.summary(), {{"token", "abc"}});
  CHECK(json::parse(text)["setup_data"]["token"] == "abc");
}

TEST_CASE("text that is not UTF-8 does not spoil the file") {
  SampleRun run;
  run.add("checks", {{"group", ""}, {"check", "caf\xe9"}}, {1});
  JsonRepairs repairs;
  const json data = json::parse(summary_export(run.summary(), {{"page", "\xff"}}, &repairs));
  CHECK(data["root_group"]["checks"].contains("caf\xef\xbf\xbd"));
  CHECK(data["setup_data"]["page"] == "\xef\xbf\xbd");
  CHECK(repairs.strings == 4);  // a key, a name, a path and a value
}

TEST_CASE("whole numbers have all their digits however large they are, as in k6") {
  SampleRun run;
  run.add("tokens_out", {}, {4e19});
  CHECK(summary_export(run.summary()).find("\"count\": 40000000000000000000,") !=
        std::string::npos);
}

}  // namespace
}  // namespace perigee
