#include "cli/results/run_reports.h"

#include <exception>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/output/file_writer.h"
#include "engine/reports/report.h"

namespace perigee {

namespace {

reports::Format format_of(const ReportFile& file) {
  if (!file.is_page) return reports::format_of_file(file.path);
  try {
    return reports::format_of_file(file.path);
  } catch (const ConfigError&) {
    return reports::Format::kHtml;
  }
}

}  // namespace

RunReports::RunReports(const std::vector<ReportFile>& files, const MetricRegistry& registry,
                       results::Header header)
    : series_(registry), header_(std::move(header)) {
  for (const ReportFile& file : files) {
    try {
      files_.push_back({file, format_of(file)});
      reports::require_format(files_.back().format);
      open_writer(file.path)->close();
    } catch (const ConfigError& error) {
      throw ConfigError(fmt::format("{}: {}", file.set_by, error.what()));
    }
  }
}

std::vector<std::string> RunReports::write(const Aggregator& aggregator, const Summary& summary,
                                           results::End end) {
  header_.started = series_.started();
  const reports::Report report =
      reports::make_report(aggregator, series_, summary, header_, std::move(end));
  std::vector<std::string> errors;
  for (const File& file : files_) {
    try {
      write_file(file.report.path, reports::render(report, file.format));
    } catch (const std::exception& error) {
      errors.push_back(fmt::format("{}: {}", file.report.set_by, error.what()));
    }
  }
  return errors;
}

}  // namespace perigee
