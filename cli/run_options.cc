#include "cli/run_options.h"

#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/config_file.h"
#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

OptionLayer script_layer(const Script& script, const ScriptDescription& description) {
  auto values = nlohmann::json::parse(description.options);
  const std::string where = script.path + ": options";
  return named_layer(std::move(values), where, where + ".");
}

void check_functions(const RunOptions& run, const Script& script,
                     const ScriptDescription& description) {
  const std::vector<std::string_view> known(description.functions.begin(),
                                            description.functions.end());
  for (const Scenario& scenario : run.options.scenarios) {
    if (description.functions.count(scenario.exec) > 0) continue;
    throw ConfigError(fmt::format(
        "{}: scenario {} runs the function \"{}\", which the script's table does not have{}",
        script.path, scenario.name, scenario.exec, did_you_mean(scenario.exec, known)));
  }
}

// A function that nothing runs may be the script's own helper, unless its name is nearly that of
// one that would be run.
void warn_about_functions(const Script& script, const ScriptDescription& description,
                          RunOptions& run) {
  constexpr std::array<std::string_view, 4> kRun{"default", "setup", "teardown", "handleSummary"};
  std::set<std::string> used(kRun.begin(), kRun.end());
  for (const Scenario& scenario : run.options.scenarios)
    used.insert(scenario.exec);
  for (const std::string& function : description.functions) {
    const std::string_view meant = closest(function, kRun);
    if (used.contains(function) || meant.empty()) continue;
    if (description.functions.contains(std::string(meant))) continue;
    run.warnings.push_back(
        fmt::format("{}: nothing runs the function \"{}\" (did you mean \"{}\"?)", script.path,
                    function, meant));
  }
}

}  // namespace

RunOptions assemble_options(const RunFlags& flags, const Script& script,
                            const ScriptDescription& description) {
  RunOptions run;
  run.warnings = flags.warnings;
  OptionLayer merged = flags.stands_alone ? OptionLayer() : read_config_file(flags.config);
  for (const OptionLayer& layer :
       {script_layer(script, description), flags.environment_options, flags.options}) {
    const std::string warning = merge_options(merged, layer);
    if (!warning.empty()) run.warnings.push_back(warning);
  }
  run.options = parse_options(merged.values, merged.names);
  run.names = std::move(merged.names);
  run.warnings.insert(run.warnings.end(), run.options.warnings.begin(), run.options.warnings.end());
  check_functions(run, script, description);
  warn_about_functions(script, description, run);
  return run;
}

ThresholdSet make_thresholds(const RunOptions& run, const MetricRegistry& registry, bool judged) {
  std::vector<ThresholdDefinition> definitions = run.options.thresholds;
  if (!judged) {
    std::erase_if(definitions, [](const auto& entry) { return !entry.thresholds.empty(); });
  }
  for (const ThresholdDefinition& definition : definitions) {
    try {
      const ThresholdSet alone({definition}, registry);
    } catch (const ConfigError& error) {
      throw ConfigError(fmt::format("{}: {}", run.names.at(definition.option), error.what()));
    }
  }
  return {std::move(definitions), registry, run.options.threshold_no_samples};
}

}  // namespace perigee
