// A run of a script that a test wrote, with everything the run leaves behind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/process/csv_table.h"
#include "tests/support/process.h"

namespace perigee {

// perigee run --quiet --summary-export summary.json --out csv=samples.csv.gz FLAGS... script.lua,
// in a folder of its own. Starts at once; whatever asks for a result waits for the end.
class ScriptRun {
 public:
  explicit ScriptRun(const std::string& script, const std::vector<std::string>& flags = {});

  Process& process() { return *process_; }

  int exit_code() { return process_->wait().exit_code; }
  // What it wrote to stdout and to stderr.
  const std::string& out() { return process_->wait().out; }
  const std::string& log() { return process_->wait().err; }
  bool logged(const std::string& text) { return log().find(text) != std::string::npos; }

  // What --summary-export wrote. Throws if there is none.
  const nlohmann::json& summary();
  // What --out wrote. Throws if there is none.
  const CsvTable& csv();

  // A metric's value in the summary, 0 if it is not there: a counter's count, the samples of a
  // trend, what passed and failed of a rate.
  uint64_t count(const std::string& metric);
  uint64_t passes(const std::string& metric) { return number(metric, "passes"); }
  uint64_t fails(const std::string& metric) { return number(metric, "fails"); }

 private:
  uint64_t number(const std::string& metric, const char* field);

  ScratchFolder folder_;
  std::optional<Process> process_;
  std::optional<nlohmann::json> summary_;
  std::optional<CsvTable> csv_;
};

// A run of which only the exit code and the messages matter.
struct ShortRun {
  int exit_code;
  std::string log;  // with the quotation marks of messages as they were given

  bool says(const std::string& text) const { return log.find(text) != std::string::npos; }
  // Whether a line's message is this and nothing else.
  bool says_exactly(const std::string& text) const { return says("msg=\"" + text + "\""); }
};

// The log writes \" for a quotation mark within a message; here it is one again.
std::string unescaped(std::string log);

// Runs script.lua with this text to its end: perigee run --quiet FLAGS... script.lua, in a folder
// of its own.
ShortRun run_script(const std::string& script, const std::vector<std::string>& flags = {});

}  // namespace perigee
