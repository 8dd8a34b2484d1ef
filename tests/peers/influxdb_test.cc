// Runs against the InfluxDB that the environment names; see tests/peers/with_influxdb.
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"
#include "tests/support/raw_client.h"

namespace perigee {
namespace {

constexpr const char* kScript = R"lua(
local execution = require "perigee.execution"
local metrics = require "perigee.metrics"
local perigee = require "perigee"
local size = metrics.trend("size")
return {
  options = { vus = 3, iterations = 300 },
  default = function()
    local i = execution.scenario.iteration_in_test
    size:add(i + 1, { part = i % 2 == 0 and "a, b=c" or 'd "e"\\' })
    perigee.check(i, { ok = function() return i % 3 > 0 end })
  end,
})lua";

std::string influxdb_url() {
  const char* const value = std::getenv("INFLUXDB_URL");
  REQUIRE(value != nullptr);
  return value;
}

// What the query gives, a list of rows of the first series; null if there is none.
nlohmann::json rows_of(const std::string& database, const std::string& query) {
  RawClient client(
      static_cast<uint16_t>(std::stoul(influxdb_url().substr(influxdb_url().rfind(':') + 1))));
  std::string encoded;
  for (const char c : query)
    encoded += c == ' ' ? "%20" : c == '"' ? "%22" : c == '=' ? "%3D" : std::string(1, c);
  const RawAnswer answer = client.get("/query?db=" + database + "&q=" + encoded);
  REQUIRE_MESSAGE(answer.status == 200, query, ": ", answer.body);
  const auto result = nlohmann::json::parse(answer.body).at("results")[0];
  REQUIRE_MESSAGE(!result.contains("error"), query, ": ", answer.body);
  return result.contains("series") ? result["series"][0]["values"] : nlohmann::json();
}

double value_of(const std::string& database, const std::string& query) {
  const nlohmann::json rows = rows_of(database, query);
  REQUIRE_MESSAGE(!rows.is_null(), query);
  return rows[0][1].get<double>();
}

ProcessResult run(const std::string& database,
                  const std::map<std::string, std::string>& environment = {}) {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  return run_process({perigee_program(), "run", "--quiet", "--out",
                      "influxdb=" + influxdb_url() + "/" + database, "script.lua"},
                     {.environment = environment, .folder = folder / ""});
}

}  // namespace

TEST_CASE("what was written to InfluxDB are the run's own numbers") {
  const ProcessResult result = run("numbers");
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(result.err.find("lost") == std::string::npos);
  CHECK(value_of("numbers", "SELECT sum(\"value\") FROM \"iterations\"") == 300);
  CHECK(value_of("numbers", "SELECT sum(\"nonzero\") FROM \"checks\"") == 200);
  CHECK(value_of("numbers", "SELECT sum(\"total\") FROM \"checks\"") == 300);
  CHECK(value_of("numbers", "SELECT max(\"value\") FROM \"vus_max\"") == 3);
  CHECK(value_of("numbers", "SELECT sum(\"count\") FROM \"size\"") == 300);
  CHECK(value_of("numbers", "SELECT sum(\"sum\") FROM \"size\"") == 45'150);
  CHECK(value_of("numbers", "SELECT max(\"max\") FROM \"size\"") == 300);
}

TEST_CASE("tags come with their signs, whatever these mean in the line protocol") {
  const ProcessResult result = run("signs", {{"K6_INFLUXDB_PRECISION", "1ms"}});
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(value_of("signs", "SELECT sum(\"count\") FROM \"size\" WHERE part='a, b=c'") == 150);
  const nlohmann::json parts =
      rows_of("signs", "SHOW TAG VALUES FROM \"size\" WITH KEY = \"part\"");
  REQUIRE(parts.size() == 2);
  CHECK(parts[0][1] == "a, b=c");
  // The protocol has no form for a backslash at the end.
  CHECK(parts[1][1] == "d \"e\"");
}

TEST_CASE("a retention policy that is not there is refused, counted, and the run goes on") {
  const ProcessResult result = run("policies", {{"K6_INFLUXDB_RETENTION", "nowhere"}});
  CHECK(result.exit_code == 0);
  CHECK_MESSAGE(result.out.find("samples are missing there (") != std::string::npos, result.out);
  CHECK_MESSAGE(result.out.find("retention policy") != std::string::npos, result.out);
}

}  // namespace perigee
