#include "engine/reports/html_report.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "engine/output/humanize.h"
#include "engine/reports/markup.h"
#include "engine/reports/page_data.h"
#include "engine/reports/page_files.h"
#include "engine/reports/tables.h"

namespace perigee::reports {
namespace {

// Only the page's own style and program are ever run, whatever a text in it says.
constexpr std::string_view kHead =
    R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
)html";

std::string_view class_of(const Cell& cell) {
  if (cell.verdict == Verdict::kGood) return "good";
  if (cell.verdict == Verdict::kBad) return "bad";
  return cell.number ? "figure" : "text";
}

void append_row(std::string& text, const std::vector<Cell>& row) {
  text += "<tr>";
  for (const Cell& cell : row) {
    const std::string_view figure = cell.number && cell.verdict != Verdict::kNone ? " figure" : "";
    text +=
        fmt::format("<td class=\"{}{}\">{}</td>", class_of(cell), figure, escape_markup(cell.text));
  }
  text += "</tr>\n";
}

void append_table(std::string& text, const Table& table) {
  text += "<div class=\"scroll\"><table>\n";
  const bool has_head = std::any_of(table.columns.begin(), table.columns.end(),
                                    [](const std::string& name) { return !name.empty(); });
  if (has_head) {
    text += "<thead><tr>";
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const bool is_figure = !table.empty() && table.rows.front()[i].number.has_value();
      text += fmt::format("<th class=\"{}\">{}</th>", is_figure ? "figure" : "text",
                          escape_markup(table.columns[i]));
    }
    text += "</tr></thead>\n";
  }
  text += "<tbody>\n";
  for (const std::vector<Cell>& row : table.rows)
    append_row(text, row);
  text += "</tbody></table></div>\n";
}

std::string id_of(std::string_view title) {
  std::string id;
  for (const char character : title) {
    if (character >= 'A' && character <= 'Z') id += static_cast<char>(character - 'A' + 'a');
    if (character >= 'a' && character <= 'z') id += character;
    if (character == ' ') id += '-';
  }
  return id;
}

void append_section(std::string& text, const Table& table) {
  if (table.empty()) return;
  text += fmt::format("<section id=\"{}\"><h2>{}</h2>\n", id_of(table.title), table.title);
  append_table(text, table);
  text += "</section>\n";
}

void append_tile(std::string& text, std::string_view what, std::string_view value,
                 std::string_view detail, bool is_bad = false) {
  text += fmt::format("<div class=\"tile{}\"><span>{}</span><b>{}</b><small>{}</small></div>\n",
                      is_bad ? " bad" : "", what, escape_markup(value), escape_markup(detail));
}

void append_request_tiles(std::string& text, const Report& report, std::string_view protocol,
                          std::string_view name) {
  const SummaryMetric* requests = report.summary.find(fmt::format("{}_reqs", protocol));
  if (requests == nullptr || requests->no_samples) return;
  append_tile(text, name, human_number(requests->value("count")),
              human_number(requests->value("rate"), 1) + " per second");
  const SummaryMetric* failed = report.summary.find(fmt::format("{}_req_failed", protocol));
  if (failed == nullptr || failed->no_samples) return;
  append_tile(text, "failed", human_share(failed->value("rate")),
              fmt::format("{} of {}", human_number(failed->value("passes")),
                          human_number(failed->value("passes") + failed->value("fails"))),
              failed->value("passes") > 0);
}

void append_tiles(std::string& text, const Report& report) {
  text += "<div class=\"tiles\">\n";
  append_request_tiles(text, report, "http", "HTTP requests");
  append_request_tiles(text, report, "grpc", "gRPC calls");
  if (!report.trends.empty()) {
    const TrendTotal& trend = report.trends.front();
    const auto value = [&](double percentile) {
      return human_value(trend.values.percentile(percentile), trend.contains,
                         report.summary.time_unit);
    };
    append_tile(text, trend.name + " p95", value(95),
                fmt::format("median {}, p99 {}", value(50), value(99)));
  }
  const SummaryMetric* iterations = report.summary.find("iterations");
  if (iterations != nullptr) {
    append_tile(text, "iterations", human_number(iterations->value("count")),
                human_number(iterations->value("rate"), 1) + " per second");
  }
  append_tile(text, "load", human_duration(report.summary.load_seconds * 1000),
              fmt::format("up to {} VUs", report.max_vus()));
  text += "</div>\n";
}

// What is known of whether the generator was the limit.
void append_warnings(std::string& text, const Report& report) {
  if (report.summary.warnings.empty()) {
    if (!report.ended()) return;
    text +=
        "<p class=\"note\" id=\"generator\">Nothing suggests that the load generator was the "
        "limit.</p>\n";
    return;
  }
  text += "<section id=\"warnings\" class=\"warnings\"><h2>Warnings</h2><ul>\n";
  for (const std::string& warning : report.summary.warnings)
    text += fmt::format("<li>{}</li>\n", escape_markup(warning));
  text += "</ul></section>\n";
}

// The program draws them into this; without it the tables say the same.
constexpr std::string_view kCharts =
    R"html(<section id="charts"><h2>Over time</h2>
<noscript><p class="note">The charts need JavaScript.</p></noscript>
<div class="charts"></div>
</section>
)html";

void append_folded(std::string& text, std::string_view title, std::string_view body) {
  text += fmt::format("<details><summary>{}</summary>{}</details>\n", title, body);
}

void append_script(std::string& text, std::string_view file) {
  text += fmt::format("<script>{}</script>\n", page_file(file));
}

void append_programs(std::string& text, const Report& report) {
  text +=
      fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n", page_data(report));
  text += fmt::format("<!-- Charts: Chart.js\n{}\n-->\n", page_file("copyright"));
  append_script(text, "chart.min.js");
  append_script(text, "report.js");
}

void append_head(std::string& text, const Report& report) {
  const std::string title = escape_markup(report.header.script);
  text += kHead;
  text += fmt::format("<title>{}: {}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n", title,
                      escape_markup(verdict_text(report)), page_file("report.css"));
  text +=
      fmt::format("<header><h1>{}</h1>\n<p class=\"verdict {}\" id=\"verdict\">{}</p></header>\n",
                  title, passed(report) ? "good" : "bad", escape_markup(verdict_text(report)));
}

}  // namespace

std::string html_report(const Report& report) {
  std::string text;
  append_head(text, report);
  append_tiles(text, report);
  append_warnings(text, report);
  append_section(text, threshold_table(report));
  if (!report.steps.empty()) text += kCharts;
  std::vector<Table> tables = page_tables(report);
  for (auto table = tables.begin() + 1; table != tables.end(); ++table)
    append_section(text, *table);
  text += "<section id=\"about\"><h2>About this run</h2>\n";
  append_table(text, facts_table(report));
  append_table(text, machine_table(report));
  append_folded(text, "Options",
                fmt::format("<pre>{}</pre>", escape_markup(shown_options(report))));
  text += "</section>\n</main>\n";
  append_programs(text, report);
  return text + "</body>\n</html>\n";
}

}  // namespace perigee::reports
