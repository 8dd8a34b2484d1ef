// What `--out csv=...` says.
#pragma once

#include <string>
#include <string_view>

#include "engine/output/time_text.h"
#include "engine/output/variables.h"

namespace perigee {

struct CsvSpec {
  std::string file = "file.csv";
  TimeFormat time_format = TimeFormat::kUnix;
  // What messages about the file name: "--out", or the variable CSV_FILENAME as it is called.
  std::string file_set_by = "--out";
};

// Reads what follows "csv": nothing, "=FILE" or "=fileName=FILE,timeFormat=unix_milli,
// saveInterval=1s" (rows are written as they come, so an interval changes nothing), over the
// variables CSV_FILENAME, CSV_TIME_FORMAT and CSV_SAVE_INTERVAL. Throws ConfigError that names the
// variable, or `where`, the place that set the text.
CsvSpec parse_csv_spec(std::string_view text, const Variables& variables = no_variables,
                       std::string_view where = "--out");

}  // namespace perigee
