#include "cli/results/report_command.h"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/results/result_summary.h"
#include "cli/standard_output.h"
#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/output/file_writer.h"
#include "engine/output/summary_export.h"
#include "engine/output/text_summary.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 2> kFormats{"text", "json"};

// The flags as they are declared; must outlive the parsing.
struct ReportFlags {
  ReportFlags()
      : app("Tells what result files (run --out results=FILE) say; several are merged.",
            "perigee report") {
    app.add_option("FILE", files, "result files")->required();
    app.add_option("-o,--output", output, "where to; its ending, .txt or .json, is the format")
        ->type_name("FILE");
    app.add_option("--format", format, "text, or json as --summary-export has it")
        ->type_name("text|json");
  }

  CLI::App app;
  std::vector<std::string> files;
  std::string output = "-";
  std::string format;
};

std::string format_of(const ReportFlags& flags) {
  if (flags.format.empty()) return flags.output.ends_with(".json") ? "json" : "text";
  for (const std::string_view known : kFormats) {
    if (flags.format == known) return flags.format;
  }
  throw ConfigError(fmt::format("--format {}: there are text and json{}", flags.format,
                                did_you_mean(flags.format, kFormats)));
}

std::string text_of(const ResultSummary& result, bool colours) {
  const results::Header& header = result.header;
  return fmt::format("  script: {}\n  run: {}, {}\n\n{}", header.script, header.run_id,
                     result.end.reason,
                     text_summary(result.summary, {.colours = colours, .full = false}));
}

ExitCode write_report(const std::string& path, const std::string& text) {
  try {
    write_file(path, text);
    return ExitCode::kOk;
  } catch (const ConfigError&) {
    throw;
  } catch (const std::runtime_error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return ExitCode::kUnclassified;
  }
}

}  // namespace

int report_command(int argc, const char* const* argv) {
  ReportFlags flags;
  if (!parse_command_line(flags.app, argc, argv)) return 0;
  const bool as_json = format_of(flags) == "json";
  const ResultSummary result = summarise_results(flags.files);
  const bool to_terminal = flags.output == "-" && isatty(STDOUT_FILENO) != 0;
  const std::string text =
      as_json ? summary_export(result.summary) + '\n' : text_of(result, to_terminal);
  if (flags.output == "-") return static_cast<int>(exit_code_of_write(write_standard_output(text)));
  return static_cast<int>(write_report(flags.output, text));
}

std::vector<FlagDescription> report_flags() {
  return describe_flags(ReportFlags().app);
}

}  // namespace perigee
