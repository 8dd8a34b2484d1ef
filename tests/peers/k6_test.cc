// The same scenario, with the same options, run by k6 and by perigee: what both leave behind must
// be alike. Runs where tests/peers/with_k6 finds k6.
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/process/csv_table.h"
#include "tests/support/process.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr const char* kJavaScript = R"js(
import http from 'k6/http';
import { check, group, sleep } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const tokens = new Counter('tokens'), depth = new Gauge('depth');
const hits = new Rate('hits'), first = new Trend('first_token', true);
export function setup() { return { model: 'iris' }; }
export default function () {
  group('read', () => {
    const res = http.get(`${__ENV.TARGET}/bytes/50`, { tags: { own: 'a' } });
    check(res, { 'is 200': (r) => r.status === 200, 'is 404': (r) => r.status === 404 });
  });
  tokens.add(3, { model: 'gpt2' }); depth.add(7); hits.add(true); hits.add(false); first.add(12.5);
}
export function fail() { http.get(`${__ENV.TARGET}/status/503`); }
export function wait() { sleep(60); }
)js";

constexpr const char* kLua = R"lua(
local perigee, http = require "perigee", require "perigee.http"
local metrics = require "perigee.metrics"
local tokens, depth = metrics.counter("tokens"), metrics.gauge("depth")
local hits, first = metrics.rate("hits"), metrics.trend("first_token", true)
local checks = { ["is 200"] = function(r) return r.status == 200 end,
                 ["is 404"] = function(r) return r.status == 404 end }
local M = {}
function M.setup() return { model = "iris" } end
function M.default()
  perigee.group("read", function()
    perigee.check(http.get(__ENV.TARGET .. "/bytes/50", { tags = { own = "a" } }), checks)
  end)
  tokens:add(3, { model = "gpt2" }) depth:add(7) hits:add(true) hits:add(false) first:add(12.5)
end
function M.fail() http.get(__ENV.TARGET .. "/status/503") end
function M.wait() perigee.sleep(60) end
return M
)lua";

// Both read it as it is.
constexpr const char* kOptions = R"json({
  "scenarios": {
    "good": { "executor": "per-vu-iterations", "vus": 3, "iterations": 5 },
    "bad": { "executor": "shared-iterations", "vus": 2, "iterations": 7, "exec": "fail" },
    "late": { "executor": "per-vu-iterations", "vus": 1, "iterations": 5, "maxDuration": "1s",
              "gracefulStop": "0s", "exec": "wait" }
  },
  "thresholds": {
    "checks": ["rate==0.5"],
    "http_reqs{scenario:bad}": ["count==7", "count>100"],
    "http_req_duration{own:a}": ["p(95)<5000", "max>=0"],
    "tokens": [{ "threshold": "count<1", "abortOnFail": false }],
    "hits{no:tag}": ["rate>0.9", "rate<0.1"],
    "first_token{no:tag}": ["p(95)<1", "avg>1"],
    "tokens{no:tag}": ["count<1", "rate>0"],
    "depth{no:tag}": ["value<1"]
  },
  "summaryTrendStats": ["avg", "min", "med", "max", "p(90)", "p(95)", "count"]
})json";

// What a program left behind.
struct Left {
  int exit_code = 0;
  std::string log;
  json exported;
  CsvTable rows;
  std::vector<json> lines;
};

std::vector<json> read_lines(const std::string& path) {
  std::vector<json> lines;
  std::istringstream text(read_text(path));
  for (std::string line; std::getline(text, line);)
    lines.push_back(json::parse(line));
  return lines;
}

Left run(std::vector<std::string> command, const std::string& script, const char* text,
         const char* options = kOptions) {
  const TargetProcess target;
  const ScratchFolder folder;
  std::ofstream(folder / script) << text;
  std::ofstream(folder / "options.json") << options;
  for (const std::string& argument :
       {std::string("run"), std::string("--quiet"), std::string("--config"),
        std::string("options.json"), std::string("--summary-export"), std::string("export.json"),
        std::string("--out"), std::string("csv=rows.csv"), std::string("--out"),
        std::string("json=lines.json"), "--env=TARGET=" + target.url(), script}) {
    command.push_back(argument);
  }
  const ProcessResult result = run_process(
      command, {.environment = {{"K6_NO_USAGE_REPORT", "true"}}, .folder = folder / ""});
  INFO(result.err);
  return {result.exit_code, result.err, json::parse(read_text(folder / "export.json")),
          CsvTable(folder / "rows.csv"), read_lines(folder / "lines.json")};
}

const Left& k6() {
  static const Left left = run({std::getenv("K6_PROGRAM")}, "script.js", kJavaScript);
  return left;
}

const Left& ours() {
  static const Left left = run({perigee_program()}, "script.lua", kLua);
  return left;
}

// Null where it is missing.
json find(const json& object, const std::string& key) {
  return object.is_object() && object.contains(key) ? object.at(key) : json();
}

json exported(const Left& left, const std::string& metric, const char* key) {
  return find(find(find(left.exported, "metrics"), metric), key);
}

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items())
    keys.insert(key);
  return keys;
}

// Those of `all` that `some` lacks.
std::set<std::string> missing(const std::set<std::string>& all, const std::set<std::string>& some) {
  std::set<std::string> lacking;
  for (const std::string& name : all) {
    if (some.count(name) == 0) lacking.insert(name);
  }
  return lacking;
}

TEST_CASE("both count the same") {
  const std::vector<std::pair<std::string, const char*>> counts{
      {"iterations", "count"},
      {"http_reqs", "count"},
      {"http_reqs{scenario:bad}", "count"},
      {"tokens", "count"},
      {"first_token", "count"},
      {"checks", "passes"},
      {"checks", "fails"},
      {"hits", "passes"},
      {"hits", "fails"},
      {"http_req_failed", "passes"},
      {"http_req_failed", "fails"},
      {"dropped_iterations", "count"}};
  for (const auto& [name, key] : counts) {
    const std::string metric(name);
    CAPTURE(metric);
    CHECK(exported(k6(), metric, key).is_number());
    CHECK(exported(ours(), metric, key) == exported(k6(), metric, key));
  }
}

TEST_CASE("both come to the same verdicts and the same exit code") {
  CHECK(ours().exit_code == 99);
  CHECK(k6().exit_code == 99);
  for (const std::string name :
       {"checks", "http_reqs{scenario:bad}", "http_req_duration{own:a}", "tokens", "hits{no:tag}",
        "first_token{no:tag}", "tokens{no:tag}", "depth{no:tag}"}) {
    CAPTURE(name);
    CHECK(exported(k6(), name, "thresholds").is_object());
    CHECK(exported(ours(), name, "thresholds") == exported(k6(), name, "thresholds"));
  }
}

TEST_CASE("the export has k6's metrics with k6's keys") {
  const json mine = find(ours().exported, "metrics");
  const json theirs = find(k6().exported, "metrics");
  CHECK(missing(keys_of(theirs), keys_of(mine)) == std::set<std::string>{});
  for (const auto& [name, metric] : theirs.items()) {
    const std::string text(name);
    CAPTURE(text);
    CHECK(keys_of(find(mine, text)) == keys_of(metric));
  }
  CHECK(keys_of(ours().exported) == keys_of(k6().exported));
  CHECK(find(ours().exported, "setup_data") == find(k6().exported, "setup_data"));
  CHECK(find(ours().exported, "root_group") == find(k6().exported, "root_group"));
}

TEST_CASE("the iteration that aborts the run has ended by itself") {
  const Left theirs = run({std::getenv("K6_PROGRAM")}, "script.js", R"js(
import exec from 'k6/execution';
import { sleep } from 'k6';
export default function () {
  if (exec.vu.idInTest === 1) { sleep(0.5); exec.test.abort('enough'); }
  sleep(60);
}
)js",
                          R"({"vus": 3, "iterations": 3})");
  const Left mine = run({perigee_program()}, "script.lua", R"lua(
local execution, perigee = require "perigee.execution", require "perigee"
return { default = function()
  if execution.vu.id_in_test == 1 then perigee.sleep(0.5) execution.test.abort("enough") end
  perigee.sleep(60)
end }
)lua",
                        R"({"vus": 3, "iterations": 3})");
  for (const Left* left : {&theirs, &mine}) {
    CHECK(left->exit_code == 108);
    CHECK(exported(*left, "iterations", "count") == 1);
    CHECK(exported(*left, "data_sent", "count") == 0);
    CHECK(exported(*left, "data_received", "count") == 0);
    CHECK(exported(*left, "iteration_duration", "avg").is_number());
  }
}

TEST_CASE("a run whose setup fails leaves at least what k6 leaves") {
  const Left theirs = run({std::getenv("K6_PROGRAM")}, "script.js",
                          "export function setup() { throw new Error('no'); }\n"
                          "export default function () {}\n",
                          "{}");
  const Left mine = run({perigee_program()}, "script.lua",
                        "return { setup = function() error('no') end, default = print }", "{}");
  CHECK(theirs.exit_code == 107);
  CHECK(mine.exit_code == 107);
  CHECK(missing(keys_of(find(theirs.exported, "metrics")), keys_of(find(mine.exported, "metrics")))
            .empty());
}

TEST_CASE("the rows have k6's columns, and as many of each metric") {
  CHECK(ours().rows.columns() == k6().rows.columns());
  // The clock decides how often the first two are read; k6 tells drops one by one, and the traffic
  // of iterations without a request too.
  const std::set<std::string> differs{"vus", "vus_max", "dropped_iterations", "data_sent",
                                      "data_received"};
  const auto mine = ours().rows.totals();
  for (const auto& [name, totals] : k6().rows.totals()) {
    const std::string metric(name);
    if (differs.count(metric) > 0) continue;
    CAPTURE(metric);
    REQUIRE(mine.count(metric) == 1);
    CHECK(mine.at(metric).rows == totals.rows);
  }
}

TEST_CASE("the lines describe metrics as k6's do") {
  std::map<std::string, json> described;
  for (const json& line : ours().lines) {
    if (line.at("type") == "Metric") described[line.at("metric")] = line.at("data");
  }
  for (const json& line : k6().lines) {
    if (line.at("type") != "Metric") continue;
    CAPTURE(line.at("metric").get<std::string>());
    json mine = described[line.at("metric")];
    json theirs = line.at("data");
    // In the order of a map that has none.
    for (json* data : {&mine, &theirs})
      if (data->is_object()) data->erase("submetrics");
    CHECK(mine == theirs);
  }
}

TEST_CASE("a sample has k6's tags") {
  const auto tags_of = [](const Left& left, const std::string& metric) {
    std::set<std::string> tags;
    for (const json& line : left.lines) {
      if (line.at("type") != "Point" || line.at("metric") != metric) continue;
      for (const auto& [key, value] : line.at("data").at("tags").items())
        tags.insert(key);
    }
    return tags;
  };
  for (const std::string metric :
       {"http_reqs", "checks", "iterations", "tokens", "group_duration"}) {
    CAPTURE(metric);
    CHECK(tags_of(ours(), metric) == tags_of(k6(), metric));
  }
}

}  // namespace
}  // namespace perigee
