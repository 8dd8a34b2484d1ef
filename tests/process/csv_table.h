// The samples a run wrote as CSV, read back.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace perigee {

// A file as `--out csv=FILE` or `csv=FILE.gz` writes it.
class CsvTable {
 public:
  using Row = std::vector<std::string>;
  // Column to value; all of them must fit.
  using Where = std::map<std::string, std::string>;

  // What the rows of one metric add up to.
  struct Totals {
    uint64_t rows = 0;
    uint64_t nonzero = 0;
    double sum = 0;
    double min = 0;
    double max = 0;
  };

  // Throws std::runtime_error if the file can't be read to its end or a row has not the columns of
  // the header.
  explicit CsvTable(const std::string& path);

  const std::vector<std::string>& columns() const { return columns_; }
  size_t size() const { return rows_.size(); }
  // Throws std::out_of_range for a column there isn't.
  const std::string& at(size_t row, const std::string& column) const;

  std::map<std::string, Totals> totals() const;
  uint64_t rows(const std::string& metric, const Where& where = {}) const;

 private:
  size_t index_of(const std::string& column) const;

  std::vector<std::string> columns_;
  std::vector<Row> rows_;
};

}  // namespace perigee
