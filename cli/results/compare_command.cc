#include "cli/results/compare_command.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/modules.h"
#include "cli/results/written_report.h"
#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/compare/comparison.h"
#include "engine/compare/comparison_report.h"
#include "engine/compare/fail_condition.h"
#include "engine/compare/metric_parts.h"
#include "engine/metrics/registry.h"
#include "engine/results/playback.h"
#include "engine/results/result_reader.h"

namespace perigee {
namespace {

namespace fs = std::filesystem;

// The flags as they are declared; must outlive the parsing.
struct CompareFlags {
  CompareFlags()
      : app("Compares the result files (run --out results=FILE) of two runs.", "perigee compare") {
    app.add_option("BASE", base, "the result file to compare with, or a folder of such files")
        ->required();
    app.add_option("NEW", now, "the result file to judge, or a folder of such files")->required();
    app.add_option("--fail-if", conditions,
                   "end with 99 if so, as in \"http_req_duration p(95) worse by 5%\" or "
                   "\"http_req_duration{name:a} p(95) worse by 5%\"; may be repeated")
        ->type_name("CONDITION")
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("--by", by, "compare parts of metrics, too, by these tags, e.g. name")
        ->type_name("TAG,...")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("-o,--output", output, "where to; the ending, .txt, .md or .json, is the format")
        ->type_name("FILE");
    app.add_option("--format", format, "whatever the ending is")->type_name("text|json|md");
  }

  CLI::App app;
  std::string base;
  std::string now;
  std::vector<std::string> conditions;
  std::vector<std::string> by;
  std::string output = "-";
  std::string format;
};

using Writer = std::string (*)(const compare::Comparison&, const std::vector<std::string>&);

Writer writer_named(std::string_view name) {
  if (name == "text") return compare::comparison_text;
  if (name == "json") return compare::comparison_json;
  if (name == "md") return compare::comparison_markdown;
  static constexpr std::array<std::string_view, 3> kNames{"text", "json", "md"};
  throw ConfigError(
      fmt::format("--format {}: there are text, json and md{}", name, did_you_mean(name, kNames)));
}

Writer writer_of(const CompareFlags& flags) {
  if (!flags.format.empty()) return writer_named(flags.format);
  if (flags.output == "-") return compare::comparison_text;
  const std::string ending = fs::path(flags.output).extension().string();
  if (ending == ".txt") return compare::comparison_text;
  if (ending == ".json") return compare::comparison_json;
  if (ending == ".md") return compare::comparison_markdown;
  throw ConfigError(fmt::format(
      "{}: a comparison's ending says its format: .txt, .md, .json (or name one: --format)",
      flags.output));
}

// The file, or the result files of the folder.
std::vector<std::string> files_of(const std::string& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == ".perigee") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw ConfigError(fmt::format("{}: no file there ends in .perigee", path));
  return files;
}

// The files by the run that they are parts of, in the order of their names.
std::vector<std::vector<std::string>> runs_of(const std::vector<std::string>& files) {
  std::vector<std::vector<std::string>> runs;
  std::map<std::string, size_t> places;
  for (const std::string& file : files) {
    MetricRegistry registry;
    const std::string id = results::ResultReader(file, registry).header().run_id;
    const auto [place, is_new] = places.try_emplace(id, runs.size());
    if (is_new) runs.emplace_back();
    runs[place->second].push_back(file);
  }
  return runs;
}

// What the files are read into.
struct Measured {
  MetricRegistry registry;
  compare::MetricParts parts;
};

compare::ComparedRun read_run(const std::vector<std::string>& files, Measured& measured) {
  results::Playback playback(files, measured.registry);
  reports::TimeSeries whole(measured.registry);
  reports::TimeSeries parts(measured.parts.registry());
  compare::PartRecorder recorder(measured.registry, measured.parts, whole, parts);
  playback.play(recorder);
  for (const std::string& warning : playback.warnings())
    fmt::print(stderr, "{}\n", warning);
  return {.name = fmt::format("{}", fmt::join(files, " + ")),
          .steps = whole.steps(),
          .part_steps = parts.steps()};
}

std::vector<compare::ComparedRun> read_side(const std::string& path, Measured& measured) {
  std::vector<compare::ComparedRun> runs;
  for (const std::vector<std::string>& files : runs_of(files_of(path)))
    runs.push_back(read_run(files, measured));
  return runs;
}

// The metrics there are, and the parts that the flags ask for.
Measured nothing_measured(const CompareFlags& flags) {
  Measured measured{.registry = {}, .parts = compare::MetricParts(flags.by)};
  declare_builtins(measured.registry);
  for (const auto& module : make_modules())
    module->declare(measured.registry);
  for (const std::string& source : flags.conditions) {
    if (auto part = compare::part_of_condition(source)) measured.parts.add(std::move(*part));
  }
  return measured;
}

// Those that are met, as written.
std::vector<std::string> failed_conditions(const CompareFlags& flags,
                                           const compare::Comparison& comparison,
                                           const Measured& measured) {
  std::vector<std::string> failed;
  for (const std::string& source : flags.conditions) {
    const auto condition = compare::parse_fail_condition(source, measured.registry, measured.parts);
    if (compare::is_met(condition, comparison)) failed.push_back(source);
  }
  if (comparison.too_short && !flags.conditions.empty()) {
    fmt::print(stderr,
               "too short to tell chance from change: --fail-if goes by the bare figures\n");
  }
  return failed;
}

}  // namespace

int compare_command(int argc, const char* const* argv) {
  CompareFlags flags;
  if (!parse_command_line(flags.app, argc, argv)) return 0;
  const Writer write = writer_of(flags);
  Measured measured = nothing_measured(flags);
  const auto base = read_side(flags.base, measured);
  const auto now = read_side(flags.now, measured);
  measured.parts.require_tags();
  if (measured.parts.is_full()) {
    fmt::print(stderr, "--by: only the first {} parts of a metric are compared\n",
               compare::MetricParts::kMaxParts);
  }
  const compare::Comparison comparison =
      compare::compare(base, now, measured.registry, {}, &measured.parts);
  const std::vector<std::string> failed = failed_conditions(flags, comparison, measured);
  const ExitCode written = write_report(flags.output, write(comparison, failed));
  if (written != ExitCode::kOk) return static_cast<int>(written);
  return static_cast<int>(failed.empty() ? ExitCode::kOk : ExitCode::kThresholdsFailed);
}

std::vector<FlagDescription> compare_flags() {
  return describe_flags(CompareFlags().app);
}

}  // namespace perigee
