#include "cli/run_flags.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/setting.h"
#include "cli/setting_text.h"
#include "engine/base/config_error.h"
#include "engine/execution/name_reader.h"

namespace perigee {
namespace {

constexpr int64_t kMostWorkers = 1024;

constexpr Names<SummaryMode, 3> kSummaryModes{{{"compact", SummaryMode::kCompact},
                                               {"full", SummaryMode::kFull},
                                               {"disabled", SummaryMode::kDisabled}}};
constexpr Names<QueueOverflow, 2> kOverflows{
    {{"wait", QueueOverflow::kWait}, {"drop", QueueOverflow::kDrop}}};
constexpr Names<LogFormat, 3> kLogFormats{
    {{"text", LogFormat::kText}, {"json", LogFormat::kJson}, {"raw", LogFormat::kRaw}}};

// Of the variable k6 has for it the report is a page, whatever its file is called.
void read_reports(const JsonReader& command, RunFlags& flags) {
  const auto set_by = [&](std::string_view key) { return setting_name(flags, key); };
  std::vector<std::string> paths;
  command.read("report", paths);
  for (const std::string& path : paths)
    flags.reports.push_back({.path = path, .set_by = set_by("report")});
  std::string dashboard;
  command.read("webDashboardExport", dashboard);
  if (dashboard.empty()) return;
  flags.reports.push_back(
      {.path = dashboard, .set_by = set_by("webDashboardExport"), .is_page = true});
}

void read_summary(const JsonReader& command, RunFlags& flags) {
  bool no_summary = false;
  command.read("noSummary", no_summary);
  if (no_summary) flags.summary_mode = SummaryMode::kDisabled;
  read_name(command, "summaryMode", kSummaryModes, flags.summary_mode);
  command.read("summaryExport", flags.summary_export);
  command.read("metadata", flags.metadata);
  command.read("upload", flags.upload);
  read_reports(command, flags);
  command.read("newMachineReadableSummary", flags.new_machine_readable_summary);
}

void read_command(const JsonReader& command, RunFlags& flags) {
  command.read("config", flags.config);
  command.read("consoleOutput", flags.console_output);
  command.read("logOutput", flags.log_output);
  read_name(command, "logFormat", kLogFormats, flags.log_format);
  read_name(command, "outOverflow", kOverflows, flags.output_overflow);
  read_summary(command, flags);
  int64_t workers = 0;
  command.read("workers", workers, 1);
  flags.workers = static_cast<uint32_t>(std::min(workers, kMostWorkers));
  command.read("noYieldLimit", flags.no_yield_limit, Duration::zero());
  command.read("quiet", flags.quiet);
  command.read("verbose", flags.verbose);
  command.read("noThresholds", flags.no_thresholds);
  command.read("noColor", flags.no_color);
  bool no_jit = false;
  command.read("noJit", no_jit);
  flags.jit = !no_jit;
}

CLI::Option* declare(CLI::App& app, const Setting& setting) {
  const std::string names(setting.flag);
  if (setting.kind == SettingKind::kSwitch) return app.add_flag(names);
  if (setting.kind == SettingKind::kChoice) {
    return app.add_flag(fmt::format("{}{{{}}}", names, setting.type));
  }
  return app.add_option(names)->type_name(std::string(setting.type))->allow_extra_args(false);
}

}  // namespace

std::string setting_name(const RunFlags& flags, std::string_view key) {
  const auto named = flags.names.find(key);
  if (named != flags.names.end()) return named->second;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      if (setting.key == key) return std::string(long_flag(setting));
    }
  }
  return std::string(key);
}

RunFlagReader::RunFlagReader(CLI::App& app, bool sees_environment)
    : sees_environment_(sees_environment) {
  script_ = app.add_option("script")
                ->description("the scenario's Lua file; - reads it from stdin")
                ->type_name("FILE");
  env_ = app.add_option("-e,--env")
             ->description("a variable for __ENV; may be repeated")
             ->type_name("NAME=VALUE")
             ->allow_extra_args(false)
             ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      if (setting.flag.empty()) continue;
      CLI::Option* option = declare(app, setting);
      option->description(std::string(setting.help))->group(std::string(group.title));
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      declared_.push_back({&setting, option, group.options});
    }
  }
}

WrittenSettings RunFlagReader::written_flags() const {
  WrittenSettings written;
  for (const Declared& declared : declared_) {
    if (declared.option->count() == 0) continue;
    OptionLayer& layer = declared.of_options ? written.options : written.command;
    layer.set(std::string(declared.setting->key),
              value_of_flag(*declared.setting, declared.option->results()),
              std::string(long_flag(*declared.setting)));
  }
  return written;
}

Environment RunFlagReader::script_environment(const Environment& environment, bool all) const {
  Environment env = all ? environment : Environment();
  for (const std::string& entry : env_->results()) {
    const auto [name, value] = split_pair("--env", entry);
    env[name] = value;
  }
  return env;
}

RunFlags RunFlagReader::read(const Environment& environment) const {
  if (script_->count() == 0) throw ConfigError("name a script: perigee run FILE.lua");
  RunFlags flags;
  flags.script = script_->results().front();
  WrittenSettings outer = settings_of_environment(environment);
  WrittenSettings written = written_flags();
  flags.warnings = misspelt_variables(environment);
  flags.environment_options = std::move(outer.options);
  flags.options = std::move(written.options);
  merge_options(outer.command, written.command);
  const JsonReader command(outer.command.values, "settings", outer.command.names);
  flags.names = outer.command.names;
  read_command(command, flags);
  flags.no_color = flags.no_color || environment.contains("NO_COLOR");
  bool sees_environment = sees_environment_;
  command.read("includeSystemEnvVars", sees_environment);
  flags.env = script_environment(environment, sees_environment);
  return flags;
}

std::vector<FlagDescription> run_flags() {
  CLI::App app;
  const RunFlagReader reader(app, /*sees_environment=*/true);
  return describe_flags(app);
}

bool parse_run_flags(int argc, const char* const* argv, const Environment& environment,
                     RunFlags& flags) {
  CLI::App app("Runs the scenarios of a Lua script.", "perigee run");
  const RunFlagReader reader(app, /*sees_environment=*/true);
  if (!parse_command_line(app, argc, argv)) return false;
  flags = reader.read(environment);
  return true;
}

}  // namespace perigee
