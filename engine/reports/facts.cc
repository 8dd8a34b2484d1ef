// The tables that say what a run was, how it ended, and where it ran.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/duration.h"
#include "engine/base/json_text.h"
#include "engine/output/humanize.h"
#include "engine/output/time_text.h"
#include "engine/reports/cells.h"
#include "engine/reports/tables.h"

namespace perigee::reports {
namespace {

using Json = nlohmann::ordered_json;

void add(Table& table, std::string what, Cell cell) {
  if (cell.text.empty()) return;
  table.rows.push_back({text_cell(std::move(what)), std::move(cell)});
}

std::string utc(WallTime time) {
  std::string text;
  TimeText(TimeFormat::kRfc3339).append(text, std::chrono::floor<std::chrono::seconds>(time));
  return text;
}

Cell duration_cell(double seconds) {
  return {.text = human_duration(seconds * 1000),
          .number = seconds * 1000,
          .unit = Unit::kMilliseconds};
}

void add_counter(Table& table, const Report& report, const char* what, std::string_view name) {
  const SummaryMetric* metric = report.summary.find(name);
  if (metric == nullptr || metric->no_samples) return;
  Cell cell = value_cell(metric->value("count"), metric->contains, report);
  cell.text +=
      fmt::format(" ({}/s)", value_cell(metric->value("rate"), metric->contains, report).text);
  add(table, what, std::move(cell));
}

// Of a rate whose values other than zero are good, or bad.
void add_rate(Table& table, const Report& report, const char* what, std::string_view name,
              bool is_good) {
  const SummaryMetric* metric = report.summary.find(name);
  if (metric == nullptr || metric->no_samples) return;
  const double passes = metric->value("passes");
  const double total = passes + metric->value("fails");
  Cell cell = share_cell(metric->value("rate"));
  cell.text += fmt::format(" ({} of {})", human_number(passes), human_number(total));
  const bool is_bad = is_good ? passes < total : passes > 0;
  if (is_bad) cell.verdict = Verdict::kBad;
  add(table, what, std::move(cell));
}

std::string tags_text(const TagSet& tags) {
  std::string text;
  for (const auto& [key, value] : tags)
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", key, value);
  return text;
}

bool may_be_secret(std::string_view key) {
  return key == "password" || key == "key" || key == "env";
}

// Hides every text and number in it.
void hide(Json& value) {
  if (value.is_structured()) {
    for (Json& part : value)
      hide(part);
  } else {
    value = "***";
  }
}

void hide_secrets(Json& value) {
  if (value.is_array()) {
    for (Json& part : value)
      hide_secrets(part);
  }
  if (!value.is_object()) return;
  for (auto entry = value.begin(); entry != value.end(); ++entry)
    may_be_secret(entry.key()) ? hide(entry.value()) : hide_secrets(entry.value());
}

}  // namespace

Table facts_table(const Report& report) {
  Table table{.title = "Summary", .columns = {"", ""}, .rows = {}};
  add(table, "Script", text_cell(report.header.script));
  add(table, "Run", text_cell(report.header.run_id));
  add(table, "Started", text_cell(utc(report.header.started)));
  add(table, "Ended",
      {.text = report.end.reason, .verdict = report.ended() ? Verdict::kGood : Verdict::kBad});
  add(table, "Error", {.text = report.end.error, .verdict = Verdict::kBad});
  add(table, "Duration", duration_cell(to_seconds(report.summary.test_run_duration)));
  add(table, "Load", duration_cell(report.summary.load_seconds));
  add(table, "Most VUs", count_cell(static_cast<uint64_t>(report.max_vus())));
  add_counter(table, report, "HTTP requests", "http_reqs");
  add_rate(table, report, "HTTP requests failed", "http_req_failed", false);
  add_counter(table, report, "gRPC calls", "grpc_reqs");
  add_rate(table, report, "gRPC calls failed", "grpc_req_failed", false);
  add_counter(table, report, "Iterations", "iterations");
  add_rate(table, report, "Checks", "checks", true);
  add_counter(table, report, "Data received", "data_received");
  add_counter(table, report, "Data sent", "data_sent");
  return table;
}

Table machine_table(const Report& report) {
  const results::Header& header = report.header;
  Table table{.title = "Machine", .columns = {"", ""}, .rows = {}};
  add(table, "Host", text_cell(header.host));
  if (header.cpus > 0) add(table, "CPUs", count_cell(header.cpus));
  if (header.workers > 0) add(table, "Workers", count_cell(header.workers));
  add(table, "Program", text_cell(header.program));
  if (header.segment != "0:1") add(table, "Segment", text_cell(header.segment));
  add(table, "Tags", text_cell(tags_text(header.tags)));
  add(table, "Script's SHA-256", text_cell(header.script_sha256));
  if (header.parts.size() > 1) add(table, "Runs or parts in it", count_cell(header.parts.size()));
  return table;
}

std::string verdict_text(const Report& report) {
  const size_t total = report.thresholds();
  const size_t failed = report.failed_thresholds();
  std::string text = fmt::format("{} of {} thresholds failed", failed, total);
  if (failed == 0) text = fmt::format("all {} thresholds hold", total);
  if (total == 0) text = "no thresholds";
  if (total == 1) text = failed == 0 ? "the threshold holds" : "the threshold failed";
  if (report.end.marked_failed) text += "; the script marked the run as failed";
  if (!report.ended()) text += fmt::format("; the run is not complete: {}", report.end.reason);
  return text;
}

bool passed(const Report& report) {
  return report.ended() && !report.end.marked_failed && report.failed_thresholds() == 0;
}

std::string shown_options(const Report& report) {
  Json options = Json::parse(report.header.options_json, nullptr, /*allow_exceptions=*/false);
  if (options.is_discarded()) return "";
  hide_secrets(options);
  return json_text(options, 2);
}

}  // namespace perigee::reports
