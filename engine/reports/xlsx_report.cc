#include "engine/reports/xlsx_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <xlsxwriter.h>

#include "engine/reports/markup.h"
#include "engine/reports/scratch_file.h"
#include "engine/reports/tables.h"

namespace perigee::reports {
namespace {

// What Excel takes in one cell.
constexpr size_t kMaxText = 32'767;

// Excel's limit is in characters; fewer bytes are fewer characters.
std::string cell_text(const std::string& text) {
  std::string shown = printable(text);
  if (shown.size() <= kMaxText) return shown;
  size_t end = kMaxText;
  while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xc0) == 0x80)
    --end;
  shown.resize(end);
  return shown;
}

// The sheets of a workbook, tables below each other.
class Workbook {
 public:
  explicit Workbook(const std::string& path) : book_(workbook_new(path.c_str())) {
    if (book_ == nullptr) throw std::runtime_error("can't make the workbook");
    heading_ = workbook_add_format(book_);
    format_set_bold(heading_);
    const std::array<const char*, 4> formats{"General", "0.000 \"ms\"", "#,##0 \"B\"", "0.00%"};
    for (size_t i = 0; i < formats.size(); ++i) {
      numbers_[i] = workbook_add_format(book_);
      format_set_num_format(numbers_[i], formats[i]);
    }
  }
  ~Workbook() {
    if (book_ != nullptr) workbook_close(book_);
  }
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  void begin_sheet(const char* name) {
    sheet_ = workbook_add_worksheet(book_, name);
    row_ = 0;
    worksheet_set_column(sheet_, 0, 0, 36, nullptr);
    worksheet_set_column(sheet_, 1, 20, 14, nullptr);
  }

  void add_text(const std::string& text, lxw_format* format = nullptr) {
    put(0, text, format);
    ++row_;
  }

  // A table that is alone on its sheet has no title, and its head stays in sight.
  void add_table(const Table& table, bool is_alone = false) {
    if (table.empty()) return;
    if (!is_alone) add_text(table.title, heading_);
    for (size_t i = 0; i < table.columns.size(); ++i)
      put(i, table.columns[i], heading_);
    ++row_;
    if (is_alone) worksheet_freeze_panes(sheet_, row_, 0);
    for (const std::vector<Cell>& row : table.rows)
      add_row(row);
    ++row_;
  }

  // Throws std::runtime_error with the library's reason.
  void finish() {
    const lxw_error error = workbook_close(std::exchange(book_, nullptr));
    if (error != LXW_NO_ERROR) {
      throw std::runtime_error(fmt::format("can't write the workbook: {}", lxw_strerror(error)));
    }
  }

 private:
  void put(size_t column, const std::string& text, lxw_format* format) {
    if (text.empty()) return;
    worksheet_write_string(sheet_, row_, static_cast<lxw_col_t>(column), cell_text(text).c_str(),
                           format);
  }

  void add_row(const std::vector<Cell>& row) {
    for (size_t i = 0; i < row.size(); ++i) {
      const Cell& cell = row[i];
      if (cell.number && std::isfinite(*cell.number)) {
        worksheet_write_number(sheet_, row_, static_cast<lxw_col_t>(i), *cell.number,
                               numbers_[static_cast<size_t>(cell.unit)]);
      } else {
        put(i, cell.text, nullptr);
      }
    }
    ++row_;
  }

  lxw_workbook* book_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* heading_ = nullptr;
  std::array<lxw_format*, 4> numbers_{};
  lxw_row_t row_ = 0;
};

void add_summary(Workbook& book, const Report& report) {
  book.begin_sheet("Summary");
  book.add_text(verdict_text(report));
  for (const std::string& warning : report.summary.warnings)
    book.add_text(warning);
  for (const Table& table :
       {facts_table(report), threshold_table(report), check_table(report), machine_table(report)})
    book.add_table(table);
}

void add_options(Workbook& book, const Report& report) {
  book.begin_sheet("Options");
  std::istringstream lines(shown_options(report));
  for (std::string line; std::getline(lines, line);)
    book.add_text(line);
}

}  // namespace

std::string xlsx_report(const Report& report) {
  const ScratchFile file;
  Workbook book(file.path());
  add_summary(book, report);
  book.begin_sheet("Metrics by name");
  for (const Table& table : {trend_table(report), metric_table(report), name_table(report)})
    book.add_table(table);
  book.begin_sheet("Over time");
  book.add_table(time_table(report), /*is_alone=*/true);
  book.begin_sheet("Failures");
  book.add_table(failure_table(report), /*is_alone=*/true);
  add_options(book, report);
  book.finish();
  return file.read();
}

}  // namespace perigee::reports
