// Asks the Prometheus that the environment names what docs/grafana asks; see
// tests/peers/with_prometheus.
#include <fstream>
#include <optional>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/peers/prometheus.h"
#include "tests/support/process.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

constexpr const char* kScript = R"lua(
local http = require "perigee.http"
local perigee = require "perigee"
return {
  options = {
    vus = 2, duration = "60s",
    thresholds = { http_req_duration = { "p(95)<5000" } },
  },
  default = function()
    local response = http.get(__ENV.INFER_HTTP_ENDPOINT .. "/bytes/100")
    perigee.check(response, { ok = function(r) return r.status == 200 end })
    perigee.sleep(0.01)
  end,
})lua";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

}  // namespace

TEST_CASE("each query of the dashboard has a result while a run goes on") {
  const Prometheus prometheus;
  const TargetProcess target;
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  Process::Options options = target.environment();
  options.folder = folder / "";
  Process run({perigee_program(), "run", "--quiet", "--out", "prometheus=" + prometheus.target(),
               "--tag", "run=grafana", "script.lua"},
              options);
  // Rates need two scrapes with something between them.
  REQUIRE(prometheus.wait_for("sum(rate(perigee_http_reqs_total{run=\"grafana\"}[1m]))", 1));
  const auto dashboard = nlohmann::json::parse(read_text("docs/grafana/perigee.json"));
  size_t queries = 0;
  for (const auto& panel : dashboard.at("panels")) {
    for (const auto& asked : panel.at("targets")) {
      const auto query = replaced(replaced(asked.at("expr").get<std::string>(), "$job", "perigee"),
                                  "$__rate_interval", "1m");
      const nlohmann::json result = prometheus.query(query);
      CHECK_MESSAGE(!result.empty(), query);
      for (const auto& series : result)
        CHECK_MESSAGE(series.at("value")[1] != "NaN", query);
      ++queries;
    }
  }
  CHECK(queries >= 15);
}

}  // namespace perigee
