#include "tests/process/script_run.h"

#include <fstream>

namespace perigee {
namespace {

// The count of trends is not among the columns that people see unless they ask for it.
constexpr const char* kTrendStats = "avg,min,med,max,p(90),p(95),count";

}  // namespace

ScriptRun::ScriptRun(const std::string& script, const std::vector<std::string>& flags) {
  std::ofstream(folder_ / "script.lua") << script;
  std::vector<std::string> command{perigee_program(),
                                   "run",
                                   "--quiet",
                                   "--summary-export",
                                   "summary.json",
                                   "--out",
                                   "csv=samples.csv.gz",
                                   "--summary-trend-stats",
                                   kTrendStats};
  command.insert(command.end(), flags.begin(), flags.end());
  command.emplace_back("script.lua");
  process_.emplace(command, Process::Options{.folder = folder_ / ""});
}

const nlohmann::json& ScriptRun::summary() {
  process_->wait();
  if (!summary_) summary_ = nlohmann::json::parse(read_text(folder_ / "summary.json"));
  return *summary_;
}

const CsvTable& ScriptRun::csv() {
  process_->wait();
  if (!csv_) csv_.emplace(folder_ / "samples.csv.gz");
  return *csv_;
}

uint64_t ScriptRun::count(const std::string& metric) {
  return number(metric, "count");
}

uint64_t ScriptRun::number(const std::string& metric, const char* field) {
  const nlohmann::json& metrics = summary().at("metrics");
  return metrics.contains(metric) ? metrics[metric].at(field).get<uint64_t>() : 0;
}

std::string unescaped(std::string log) {
  for (size_t at = log.find("\\\""); at != std::string::npos; at = log.find("\\\"", at + 1))
    log.erase(at, 1);
  return log;
}

ShortRun run_script(const std::string& script, const std::vector<std::string>& flags) {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << script;
  std::vector<std::string> command{perigee_program(), "run", "--quiet"};
  command.insert(command.end(), flags.begin(), flags.end());
  command.emplace_back("script.lua");
  const ProcessResult result = run_process(command, {.folder = folder / ""});
  return {result.exit_code, unescaped(result.err)};
}

}  // namespace perigee
