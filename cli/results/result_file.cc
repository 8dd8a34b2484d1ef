#include "cli/results/result_file.h"

#include <array>
#include <random>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "engine/base/base64.h"
#include "engine/base/cpus.h"
#include "engine/execution/options_json.h"
#include "engine/output/outputs.h"
#include "scripting/message_digest.h"

namespace perigee {
namespace {

std::string sha256(std::string_view text) {
  MessageDigest digest("sha256", std::nullopt);
  digest.update(text);
  return encode_hex(digest.digest());
}

// Instances that share out a test are given the same one.
std::string run_id(const Script& script) {
  const auto given = script.env.find("PERIGEE_RUN_ID");
  if (given != script.env.end() && !given->second.empty()) return given->second;
  std::random_device source;
  return fmt::format("{:08x}{:08x}", source(), source());
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::vector<results::ThresholdRecord> records_of(const ThresholdSet& thresholds) {
  std::vector<results::ThresholdRecord> records;
  for (const MetricThresholds& entry : thresholds.entries()) {
    if (entry.thresholds.empty()) records.push_back({entry.selector.text, ""});
    for (const Threshold& threshold : entry.thresholds)
      records.push_back({entry.selector.text, threshold.source});
  }
  return records;
}

std::string reason_of(RunEnd end) {
  switch (end) {
    case RunEnd::kComplete:
      return "complete";
    case RunEnd::kInitFailed:
      return "init failed";
    case RunEnd::kSetupFailed:
      return "setup failed";
    case RunEnd::kSetupTimeout:
      return "setup timeout";
    case RunEnd::kTeardownFailed:
      return "teardown failed";
    case RunEnd::kTeardownTimeout:
      return "teardown timeout";
    case RunEnd::kThresholdAbort:
      return "threshold abort";
    case RunEnd::kScriptAbort:
      return "script abort";
    case RunEnd::kSignal:
      return "signal";
  }
  return "";
}

}  // namespace

results::Header result_header(const RunPlan& plan, const Script& script,
                              const ThresholdSet& thresholds) {
  const Options& options = plan.options;
  results::Header header;
  header.version = results::kVersion;
  header.run_id = run_id(script);
  header.program = fmt::format("perigee {}", PERIGEE_VERSION);
  header.script = script.path;
  header.script_sha256 = sha256(script.source);
  header.options_json =
      to_json(options).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  header.host = host_name();
  header.cpus = static_cast<uint32_t>(usable_cpus());
  header.workers = plan.workers;
  header.segment = options.segment.text();
  header.tags = run_tags(options);
  for (const Scenario& scenario : options.scenarios)
    header.scenarios.push_back(scenario.name);
  header.thresholds = records_of(thresholds);
  return header;
}

results::End result_end(const RunResult& result) {
  return {.reason = reason_of(result.end),
          .load_seconds = result.load_seconds,
          .warnings = result.warnings,
          .marked_failed = result.marked_failed,
          .error = result.error};
}

std::unique_ptr<results::ResultsRecorder> open_result_file(const RunPlan& plan,
                                                           const results::Header& header) {
  const std::string path = result_file_of(plan.options.outputs);
  if (path.empty()) return nullptr;
  auto file = std::make_unique<results::ResultsRecorder>(path, plan.registry);
  file->set_header(header);
  return file;
}

void end_result_file(results::ResultsRecorder& file, const RunResult& result) {
  file.end(result_end(result));
}

}  // namespace perigee
