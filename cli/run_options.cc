#include "cli/run_options.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/config_file.h"
#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/execution/option_keys.h"

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

constexpr std::array<std::string_view, 4> kHooks{"default", "setup", "teardown", "handleSummary"};

// A function that nothing runs may be the script's own helper, unless its name is nearly that of
// one that would be run.
void check_hooks(const Script& script, const ScriptDescription& description,
                 const RunOptions& run) {
  std::set<std::string> used(kHooks.begin(), kHooks.end());
  for (const Scenario& scenario : run.options.scenarios)
    used.insert(scenario.exec);
  for (const std::string& function : description.functions) {
    const std::string_view meant = closest(function, kHooks);
    if (used.contains(function) || meant.empty()) continue;
    if (description.functions.contains(std::string(meant))) continue;
    throw ConfigError(fmt::format(
        "{}: nothing runs the function \"{}\" (did you mean \"{}\"?); if it is the script's own, "
        "make it local or give it another name",
        script.path, function, meant));
  }
}

// Other values may be the script's own, unless their names say that they were meant for the run.
void check_values(const Script& script, const ScriptDescription& description) {
  constexpr std::array<std::string_view, 1> kOptions{"options"};
  for (const std::string& name : description.values) {
    const std::string advice = resembles_option(name) ? "; write it into the table's options"
                                                      : did_you_mean(name, kOptions);
    if (advice.empty()) continue;
    throw ConfigError(
        fmt::format("{}: nothing reads \"{}\" in the script's table{}; if it is the script's own, "
                    "make it local "
                    "or give it another name",
                    script.path, name, advice));
  }
}

// Unless the thresholds have it already.
void add_error_threshold(std::vector<ThresholdDefinition>& definitions) {
  const Threshold none = parse_threshold("count==0");
  constexpr std::string_view kErrors = "iteration_errors";
  const bool is_there = std::any_of(
      definitions.begin(), definitions.end(), [&](const ThresholdDefinition& definition) {
        const auto& given = definition.thresholds;
        return definition.selector == kErrors &&
               std::any_of(given.begin(), given.end(),
                           [&](const Threshold& one) { return one.source == none.source; });
      });
  if (!is_there) definitions.push_back({std::string(kErrors), {none}, "failOnErrors"});
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
  check_hooks(script, description, run);
  check_values(script, description);
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
  if (run.options.fail_on_errors) add_error_threshold(definitions);
  return {std::move(definitions), registry, run.options.threshold_no_samples};
}

}  // namespace perigee
