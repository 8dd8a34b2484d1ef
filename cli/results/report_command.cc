#include "cli/results/report_command.h"

#include <cstdio>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/results/result_report.h"
#include "cli/results/written_report.h"
#include "cli/upload/command_upload.h"
#include "engine/base/config_error.h"
#include "engine/reports/format.h"

namespace perigee {
namespace {

// The flags as they are declared; must outlive the parsing.
struct ReportFlags {
  ReportFlags()
      : app("Tells what result files (run --out results=FILE) say; several are merged.",
            "perigee report") {
    app.add_option("FILE", files, "result files")->required();
    app.add_option("-o,--output", output,
                   "where to; the ending says the format: .html, .md, .xml, .csv, .xlsx, ...")
        ->type_name("FILE");
    app.add_option("--format", format, "whatever the ending is; of standard output text if not set")
        ->type_name(reports::format_names());
    app.add_option("--upload", upload, "send the file to this folder, too: s3://bucket/path, ...")
        ->type_name("URI");
  }

  CLI::App app;
  std::vector<std::string> files;
  std::string output = "-";
  std::string format;
  std::string upload;
};

reports::Format format_of(const ReportFlags& flags) {
  if (!flags.format.empty()) return reports::parse_format(flags.format);
  return flags.output == "-" ? reports::Format::kText : reports::format_of_file(flags.output);
}

}  // namespace

int report_command(int argc, const char* const* argv) {
  ReportFlags flags;
  if (!parse_command_line(flags.app, argc, argv)) return 0;
  const reports::Format format = format_of(flags);
  if (!flags.upload.empty() && flags.output == "-") {
    throw ConfigError("--upload: the report goes to no file: name one, as -o report.html");
  }
  CommandUpload upload(flags.upload);
  const bool to_terminal = flags.output == "-" && isatty(STDOUT_FILENO) != 0;
  const reports::Report report = report_of_results(flags.files);
  try {
    const ExitCode written = write_report(flags.output, render(report, format, to_terminal));
    return static_cast<int>(written == ExitCode::kOk ? upload.send(flags.output) : written);
  } catch (const ConfigError&) {
    throw;
  } catch (const std::runtime_error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return static_cast<int>(ExitCode::kUnclassified);
  }
}

std::vector<FlagDescription> report_flags() {
  return describe_flags(ReportFlags().app);
}

}  // namespace perigee
