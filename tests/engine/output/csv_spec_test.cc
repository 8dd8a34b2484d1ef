#include "engine/output/csv_spec.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

TEST_CASE("csv alone is k6's usual file") {
  CHECK(parse_csv_spec("csv").file == "file.csv");
  CHECK(parse_csv_spec("csv").time_format == CsvTimeFormat::kUnix);
}

TEST_CASE("what follows is the file") {
  CHECK(parse_csv_spec("csv=results/base.gz").file == "results/base.gz");
  CHECK(parse_csv_spec("csv=-").file == "-");
  CHECK(parse_csv_spec("csv=").file == "");
}

TEST_CASE("k6's keys are known") {
  const CsvSpec spec = parse_csv_spec("csv=fileName=a/b.csv,timeFormat=unix_milli,saveInterval=5s");
  CHECK(spec.file == "a/b.csv");
  CHECK(spec.time_format == CsvTimeFormat::kUnixMilli);
  CHECK(parse_csv_spec("csv=timeFormat=rfc3339_nano").file == "file.csv");
}

TEST_CASE("a wrong key or value is an error that names the closest") {
  CHECK_THROWS_WITH_AS(parse_csv_spec("csv=filename=a.csv"),
                       "--out csv: \"filename\" is not known (did you mean \"fileName\"?), use "
                       "fileName, timeFormat, saveInterval",
                       ConfigError);
  CHECK_THROWS_WITH_AS(parse_csv_spec("csv=timeFormat=unix_mili"),
                       "--out csv: timeFormat \"unix_mili\" is unknown (did you mean "
                       "\"unix_milli\"?), use one of unix, unix_milli, unix_micro, unix_nano, "
                       "rfc3339, rfc3339_nano",
                       ConfigError);
  CHECK_THROWS_AS(parse_csv_spec("csv=saveInterval=often"), ConfigError);
  CHECK_THROWS_AS(parse_csv_spec("csv=fileName=a.csv,b"), ConfigError);
}

}  // namespace
}  // namespace perigee
