#include "tests/process/csv_table.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

namespace perigee {
namespace {

// zlib reads files that are not compressed as they are.
std::string read_all(const std::string& path) {
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("can't open " + path);
  std::string text;
  char buffer[64 * 1024];
  int size = 0;
  while ((size = gzread(file, buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<size_t>(size));
  }
  const bool whole = size == 0 && gzclose(file) == Z_OK;
  if (!whole) throw std::runtime_error(path + " is cut off or damaged");
  return text;
}

// Takes one line off the front of `text`, as RFC 4180 has it.
CsvTable::Row take_row(std::string_view& text) {
  CsvTable::Row row(1);
  bool quoted = false;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      row.back() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      row.emplace_back();
    } else if (!quoted && c == '\n') {
      break;
    } else {
      row.back() += c;
    }
  }
  if (i == text.size()) throw std::runtime_error("the last line of the CSV has no end");
  text.remove_prefix(i + 1);
  return row;
}

}  // namespace

CsvTable::CsvTable(const std::string& path) {
  const std::string all = read_all(path);
  std::string_view text = all;
  columns_ = take_row(text);
  while (!text.empty()) {
    rows_.push_back(take_row(text));
    if (rows_.back().size() != columns_.size()) {
      throw std::runtime_error(fmt::format("row {} of {} has {} columns, not {}", rows_.size(),
                                           path, rows_.back().size(), columns_.size()));
    }
  }
}

size_t CsvTable::index_of(const std::string& column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) throw std::out_of_range("no column " + column);
  return static_cast<size_t>(found - columns_.begin());
}

const std::string& CsvTable::at(size_t row, const std::string& column) const {
  return rows_.at(row).at(index_of(column));
}

std::map<std::string, CsvTable::Totals> CsvTable::totals() const {
  const size_t name = index_of("metric_name");
  const size_t value = index_of("metric_value");
  std::map<std::string, Totals> totals;
  for (const Row& row : rows_) {
    Totals& metric = totals[row[name]];
    const double number = std::stod(row[value]);
    metric.min = metric.rows == 0 ? number : std::min(metric.min, number);
    metric.max = metric.rows == 0 ? number : std::max(metric.max, number);
    metric.sum += number;
    ++metric.rows;
    if (number != 0) ++metric.nonzero;
  }
  return totals;
}

uint64_t CsvTable::rows(const std::string& metric, const Where& where) const {
  const size_t name = index_of("metric_name");
  std::vector<std::pair<size_t, std::string>> wanted{{name, metric}};
  for (const auto& [column, value] : where)
    wanted.emplace_back(index_of(column), value);
  const auto fits = [&](const Row& row) {
    return std::all_of(wanted.begin(), wanted.end(),
                       [&](const auto& pair) { return row[pair.first] == pair.second; });
  };
  return static_cast<uint64_t>(std::count_if(rows_.begin(), rows_.end(), fits));
}

}  // namespace perigee
