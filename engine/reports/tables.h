// The tables of a report, which its formats lay out each in its own way.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/reports/report.h"

namespace perigee::reports {

enum class Verdict { kNone, kGood, kBad };

// What a cell's number counts.
enum class Unit { kNone, kMilliseconds, kBytes, kShare };

struct Cell {
  std::string text;                // for people
  std::optional<double> number{};  // for spreadsheets
  Verdict verdict = Verdict::kNone;
  Unit unit = Unit::kNone;
};

struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;

  bool empty() const { return rows.empty(); }
};

// What the run was, how it ended, and its main figures; the first column says what.
Table facts_table(const Report& report);
// Where it ran.
Table machine_table(const Report& report);
Table threshold_table(const Report& report);
Table check_table(const Report& report);
// The percentiles of trends.
Table trend_table(const Report& report);
// All other metrics.
Table metric_table(const Report& report);
Table name_table(const Report& report);
Table failure_table(const Report& report);
// A row for each step.
Table time_table(const Report& report);

// Those that the pages of all formats have, in their order.
std::vector<Table> page_tables(const Report& report);

// "2 of 5 thresholds failed", "all 5 thresholds hold", "no thresholds", and how the run ended
// unless it is complete.
std::string verdict_text(const Report& report);
// Whether no threshold has failed, and the run is complete and not marked as failed.
bool passed(const Report& report);

// The options as indented JSON, values that may be secrets hidden: environments, passwords, keys.
std::string shown_options(const Report& report);

}  // namespace perigee::reports
