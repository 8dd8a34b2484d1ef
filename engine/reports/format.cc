#include "engine/reports/format.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/output/summary_export.h"
#include "engine/output/text_summary.h"
#include "engine/reports/csv_report.h"
#include "engine/reports/html_report.h"
#include "engine/reports/junit_report.h"
#include "engine/reports/markdown_report.h"
#include "engine/reports/png_report.h"
#include "engine/reports/xlsx_report.h"

namespace perigee::reports {
namespace {

struct FormatName {
  std::string_view name;
  std::string_view ending;
  Format format;
};

// The first entry of a format has the name that helps show.
constexpr std::array kFormats{FormatName{"text", ".txt", Format::kText},
                              FormatName{"json", ".json", Format::kJson},
                              FormatName{"md", ".md", Format::kMarkdown},
                              FormatName{"junit", ".xml", Format::kJunit},
                              FormatName{"csv", ".csv", Format::kCsv},
                              FormatName{"html", ".html", Format::kHtml},
                              FormatName{"xlsx", ".xlsx", Format::kXlsx},
                              FormatName{"png", ".png", Format::kPng},
                              FormatName{"markdown", ".markdown", Format::kMarkdown},
                              FormatName{"xml", "", Format::kJunit},
                              FormatName{"txt", "", Format::kText},
                              FormatName{"htm", ".htm", Format::kHtml}};

std::vector<std::string_view> names() {
  std::vector<std::string_view> names;
  for (const FormatName& format : kFormats)
    names.push_back(format.name);
  return names;
}

std::string endings() {
  std::vector<std::string_view> endings;
  for (const FormatName& format : kFormats) {
    if (!format.ending.empty()) endings.push_back(format.ending);
  }
  return fmt::format("{}", fmt::join(endings, ", "));
}

std::string text_report(const Report& report, bool colours) {
  return fmt::format("  script: {}\n  run: {}, {}\n\n{}", report.header.script,
                     report.header.run_id, report.end.reason,
                     text_summary(report.summary, {.colours = colours, .full = false}));
}

}  // namespace

Format format_of_file(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  const auto* const found = std::find_if(
      kFormats.begin(), kFormats.end(),
      [&](const FormatName& format) { return !ending.empty() && format.ending == ending; });
  if (found != kFormats.end()) return found->format;
  throw ConfigError(fmt::format("{}: a report's ending says its format: {} (or name one: --format)",
                                path, endings()));
}

Format parse_format(std::string_view name) {
  for (const FormatName& format : kFormats) {
    if (format.name == name) return format.format;
  }
  throw ConfigError(fmt::format("--format {}: there are {}{}", name, format_names(),
                                did_you_mean(name, names())));
}

std::string format_names() {
  std::vector<std::string_view> shown;
  for (const FormatName& format : kFormats) {
    const bool is_first = std::none_of(kFormats.begin(), &format, [&](const FormatName& other) {
      return other.format == format.format;
    });
    if (is_first) shown.push_back(format.name);
  }
  return fmt::format("{}", fmt::join(shown, "|"));
}

void require_format(Format format) {
  if (format == Format::kPng) require_gnuplot();
}

std::string render(const Report& report, Format format, bool colours) {
  switch (format) {
    case Format::kText:
      return text_report(report, colours);
    case Format::kJson:
      return summary_export(report.summary) + '\n';
    case Format::kMarkdown:
      return markdown_report(report);
    case Format::kJunit:
      return junit_report(report);
    case Format::kCsv:
      return csv_report(report);
    case Format::kHtml:
      return html_report(report);
    case Format::kXlsx:
      return xlsx_report(report);
    case Format::kPng:
      return png_report(report);
  }
  return "";
}

}  // namespace perigee::reports
