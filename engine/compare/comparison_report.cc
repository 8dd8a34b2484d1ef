#include "engine/compare/comparison_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/json_text.h"
#include "engine/output/humanize.h"
#include "engine/reports/markdown_report.h"
#include "engine/reports/tables.h"

namespace perigee::compare {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 2;

std::string value_text(const Figure& figure, double value) {
  if (!std::isfinite(value)) return "-";
  if (figure.is_share) return human_share(value);
  const std::string text = figure.contains == ValueKind::kDefault
                               ? human_number(value, 2)
                               : human_value(value, figure.contains, "");
  return figure.statistic == "rate" ? text + "/s" : text;
}

std::string change_text(const Figure& figure) {
  const auto change = figure.change();
  if (!change) return "";
  return fmt::format("{:+.1f}%", 100 * *change);
}

std::string uncertainty_text(const Figure& figure) {
  if (!figure.change() || figure.verdict == Verdict::kTooShort) return "";
  return fmt::format("±{:.1f}%", 100 * figure.uncertainty);
}

std::array<std::string, 7> cells_of(const Figure& figure) {
  const bool has_base = figure.verdict != Verdict::kOnlyNew;
  const bool has_new = figure.verdict != Verdict::kOnlyBase;
  return {figure.metric,
          figure.statistic,
          has_base ? value_text(figure, figure.base) : "",
          has_new ? value_text(figure, figure.now) : "",
          change_text(figure),
          uncertainty_text(figure),
          std::string(to_string(figure.verdict))};
}

constexpr std::array<std::string_view, 7> kColumns{"metric", "",          "base",   "new",
                                                   "change", "by chance", "verdict"};

// Each cell as wide as its column; figures to the right.
std::string padded(const std::string& text, size_t width, bool is_figure) {
  const std::string space(width - std::min(width, display_width(text)), ' ');
  return is_figure ? space + text : text + space;
}

std::string side_text(std::string_view name, const std::vector<std::string>& runs, double seconds) {
  return fmt::format("  {}: {} ({} of load)\n", name, fmt::join(runs, ", "),
                     human_duration(seconds * 1000));
}

std::string basis_text(const Comparison& comparison) {
  if (comparison.too_short) {
    return "With less than a minute of load on a side there is no telling chance from change.";
  }
  return comparison.over_runs ? "Judged by how much the runs of each side differ."
                              : "Judged by how much the seconds of each side differ.";
}

reports::Verdict mark_of(Verdict verdict) {
  if (verdict == Verdict::kBetter) return reports::Verdict::kGood;
  if (verdict == Verdict::kWorse) return reports::Verdict::kBad;
  return reports::Verdict::kNone;
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json_of(const Figure& figure) {
  Json json{{"metric", figure.metric}, {"statistic", figure.statistic}};
  json["base"] = figure.verdict == Verdict::kOnlyNew ? Json(nullptr) : number(figure.base);
  json["new"] = figure.verdict == Verdict::kOnlyBase ? Json(nullptr) : number(figure.now);
  const auto change = figure.change();
  json["change"] = change ? number(*change) : Json(nullptr);
  json["by_chance"] = change ? number(figure.uncertainty) : Json(nullptr);
  json["verdict"] = to_string(figure.verdict);
  return json;
}

}  // namespace

std::string conclusion_of(const Comparison& comparison) {
  if (comparison.too_short) return "too short to say";
  std::vector<std::string> parts;
  for (const Verdict verdict :
       {Verdict::kWorse, Verdict::kBetter, Verdict::kHigher, Verdict::kLower}) {
    const size_t count = comparison.count(verdict);
    if (count > 0) parts.push_back(fmt::format("{} {}", count, to_string(verdict)));
  }
  if (parts.empty()) return "no difference seen";
  return fmt::format("{}, of {} figures", fmt::join(parts, ", "), comparison.figures.size());
}

std::string comparison_text(const Comparison& comparison, const std::vector<std::string>& failed) {
  std::vector<std::array<std::string, 7>> rows{{}};
  std::copy(kColumns.begin(), kColumns.end(), rows.front().begin());
  for (const Figure& figure : comparison.figures)
    rows.push_back(cells_of(figure));
  std::array<size_t, 7> widths{};
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string text = side_text("base", comparison.base, comparison.base_seconds) +
                     side_text("new", comparison.now, comparison.now_seconds) + '\n';
  for (const auto& row : rows) {
    std::string line = " ";
    for (size_t i = 0; i < row.size(); ++i)
      line += ' ' + padded(row[i], widths[i], i >= 2 && i <= 5) + ' ';
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  text += fmt::format("\n  {}. {}\n", conclusion_of(comparison), basis_text(comparison));
  for (const std::string& condition : failed)
    text += fmt::format("  failed: {}\n", condition);
  return text;
}

std::string comparison_markdown(const Comparison& comparison,
                                const std::vector<std::string>& failed) {
  reports::Table table{.title = "", .columns = {}, .rows = {}};
  for (const std::string_view column : kColumns)
    table.columns.emplace_back(column);
  for (const Figure& figure : comparison.figures) {
    std::vector<reports::Cell> row;
    const auto cells = cells_of(figure);
    for (size_t i = 0; i < cells.size(); ++i) {
      row.push_back({.text = cells[i]});
      if (i >= 2 && i <= 5) row.back().number = figure.base;
    }
    row.back().verdict = mark_of(figure.verdict);
    table.rows.push_back(std::move(row));
  }
  std::string text =
      fmt::format("## {} {}\n\n", failed.empty() ? "✅" : "❌", conclusion_of(comparison));
  for (const std::string& condition : failed)
    text += fmt::format("- failed: `{}`\n", condition);
  if (!failed.empty()) text += '\n';
  reports::append_markdown(text, table);
  return text + basis_text(comparison) + '\n';
}

std::string comparison_json(const Comparison& comparison, const std::vector<std::string>& failed) {
  Json figures = Json::array();
  for (const Figure& figure : comparison.figures)
    figures.push_back(json_of(figure));
  return json_text(Json{{"base", comparison.base},
                        {"new", comparison.now},
                        {"base_load_seconds", comparison.base_seconds},
                        {"new_load_seconds", comparison.now_seconds},
                        {"judged_by", comparison.over_runs ? "runs" : "seconds"},
                        {"conclusion", conclusion_of(comparison)},
                        {"figures", std::move(figures)},
                        {"failed", failed}},
                   kIndent) +
         '\n';
}

}  // namespace perigee::compare
