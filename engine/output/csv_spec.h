// What `--out csv=...` says.
#pragma once

#include <string>
#include <string_view>

namespace perigee {

enum class CsvTimeFormat {
  kUnix,
  kUnixMilli,
  kUnixMicro,
  kUnixNano,
  kRfc3339,
  kRfc3339Nano,
};

struct CsvSpec {
  std::string file = "file.csv";
  CsvTimeFormat time_format = CsvTimeFormat::kUnix;
};

// Reads "csv", "csv=FILE" or "csv=fileName=FILE,timeFormat=unix_milli,saveInterval=1s" (rows are
// written as they come, so an interval changes nothing). Throws ConfigError.
CsvSpec parse_csv_spec(std::string_view text);

}  // namespace perigee
