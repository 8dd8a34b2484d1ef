// What `perigee run` is told on the command line and by the environment.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/environment.h"
#include "cli/flag_description.h"
#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "engine/base/log_format.h"
#include "engine/execution/option_layers.h"
#include "engine/output/sample_queue.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace perigee {

struct Setting;

// A report that is written at the end.
struct ReportFile {
  std::string path;
  std::string set_by;    // as messages call it
  bool is_page = false;  // also where the ending of the path says nothing
};

enum class SummaryMode { kCompact, kFull, kDisabled };

struct RunFlags {
  std::string script;  // "-": from stdin
  std::string config;  // the configuration file; empty: the default ones, if there are any
  OptionLayer environment_options;
  OptionLayer options;  // of flags
  Environment env;      // __ENV
  std::vector<std::string> warnings;
  ValueNames names;  // how messages call the command's own settings that were set

  QueueOverflow output_overflow = QueueOverflow::kWait;
  std::string summary_export;
  std::vector<ReportFile> reports;
  std::string metadata;        // the file that says when and how the run was; empty: none
  std::string upload;          // the URI of the folder that the run's files go to; empty: nowhere
  std::string console_output;  // where print goes; empty: to the log
  std::string log_output = "stderr";
  LogFormat log_format = LogFormat::kText;
  SummaryMode summary_mode = SummaryMode::kCompact;
  bool new_machine_readable_summary = false;
  uint32_t workers = 0;  // 0: as many as there are CPUs to use
  Duration no_yield_limit = limits::kNoYield;
  bool stands_alone = false;  // options come from nowhere but the script and these flags
  bool quiet = false;
  bool verbose = false;
  bool no_thresholds = false;
  bool no_color = false;
  bool jit = true;
};

// How messages call a setting of the command: the flag or the variable that set it.
std::string setting_name(const RunFlags& flags, std::string_view key);

// The flags of the commands that run or look at a script.
class RunFlagReader {
 public:
  // Declares them on `app`, which must outlive the reader. `sees_environment` is whether __ENV has
  // the environment unless somebody says otherwise.
  RunFlagReader(CLI::App& app, bool sees_environment);

  // What they are, once the app has been parsed. Throws ConfigError naming flag or variable.
  // Whether options are in their range is seen when all layers are there.
  RunFlags read(const Environment& environment) const;

 private:
  WrittenSettings written_flags() const;
  Environment script_environment(const Environment& environment, bool all) const;

  struct Declared {
    const Setting* setting;
    const CLI::Option* option;
    bool of_options;
  };

  bool sees_environment_;
  CLI::Option* script_;
  CLI::Option* env_;
  std::vector<Declared> declared_;
};

// As completion needs them.
std::vector<FlagDescription> run_flags();

// The flags of `perigee run`. Throws ConfigError; prints the help and returns false if that is what
// was asked for.
bool parse_run_flags(int argc, const char* const* argv, const Environment& environment,
                     RunFlags& flags);

}  // namespace perigee
