// How the commands without a script report what came of their load.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/run_session.h"
#include "cli/setting.h"
#include "engine/execution/json_reader.h"
#include "engine/output/load_report.h"

namespace perigee {

struct ResultFlags {
  std::vector<std::string> outputs;  // as --out names them
  std::vector<std::string> reports;
  uint32_t workers = 0;  // 0: as many as there are CPUs to use
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;
};

// The flags of this part, those of thresholds included.
std::span<const Setting> result_settings();

// Throws ConfigError.
void read_result(const JsonReader& flags, ResultFlags& result);

// What `perigee run` would have been told.
RunFlags run_flags_of(const ResultFlags& flags);

// What is loaded, as a person reads it.
struct LoadTitle {
  std::string method;
  std::string target;  // without passwords
  std::string load;
};

// Prints the report of a load.
class LoadTeller final : public RunTeller {
 public:
  using MakeReport = LoadReport (*)(const Aggregator& aggregator, const Summary& summary);

  LoadTeller(const ResultFlags& flags, LoadTitle title, MakeReport make_report,
             std::string_view unanswered, Log& log)
      : flags_(flags),
        title_(std::move(title)),
        make_report_(make_report),
        unanswered_(unanswered),
        log_(log) {}

  void begin(const Script& script, const RunPlan& plan) override;
  std::FILE* progress() override;
  ExitCode end(const EndedRun& run, const Summary& summary) override;

 private:
  ExitCode print(const LoadReport& report);

  const ResultFlags& flags_;
  const LoadTitle title_;
  const MakeReport make_report_;
  const std::string_view unanswered_;  // what is said if nothing was answered
  Log& log_;
};

}  // namespace perigee
