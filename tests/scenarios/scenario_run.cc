#include "tests/scenarios/scenario_run.h"

#include <fstream>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

uint64_t field(const nlohmann::json& metrics, const std::string& metric, const char* name) {
  return metrics.contains(metric) ? metrics[metric].at(name).get<uint64_t>() : 0;
}

// Groups hold checks and further groups.
uint64_t check_field(const nlohmann::json& group, const std::string& name, const char* field) {
  uint64_t sum = 0;
  for (const auto& [check, counts] : group.at("checks").items()) {
    if (check == name) sum += counts.at(field).get<uint64_t>();
  }
  for (const auto& inner : group.at("groups"))
    sum += check_field(inner, name, field);
  return sum;
}

}  // namespace

uint64_t ScenarioRun::count(const std::string& metric) const {
  return field(summary.at("metrics"), metric, "count");
}

uint64_t ScenarioRun::passes(const std::string& metric) const {
  return field(summary.at("metrics"), metric, "passes");
}

uint64_t ScenarioRun::fails(const std::string& metric) const {
  return field(summary.at("metrics"), metric, "fails");
}

uint64_t ScenarioRun::check_passes(const std::string& name) const {
  return check_field(summary.at("root_group"), name, "passes");
}

uint64_t ScenarioRun::check_fails(const std::string& name) const {
  return check_field(summary.at("root_group"), name, "fails");
}

void check_all_passed(const ScenarioRun& run) {
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.fails("checks") == 0);
  CHECK(run.count("iteration_errors") == 0);
  CHECK(run.passes("http_req_failed") == 0);
}

ScenarioRun run_scenario(const std::string& name, const std::vector<std::string>& flags,
                         const Process::Options& options) {
  const ScratchFolder scratch;
  const std::string file = scratch / "summary.json";
  std::vector<std::string> command{perigee_program(), "run", "--quiet", "--summary-export", file};
  command.insert(command.end(), flags.begin(), flags.end());
  command.push_back("scenarios/" + name);
  ScenarioRun run{.process = run_process(command, options), .summary = {}};
  std::ifstream written(file);
  if (written) run.summary = nlohmann::json::parse(written);
  return run;
}

}  // namespace perigee
