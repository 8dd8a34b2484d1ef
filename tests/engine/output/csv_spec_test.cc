#include "engine/output/csv_spec.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

TEST_CASE("csv alone is k6's usual file") {
  CHECK(parse_csv_spec("").file == "file.csv");
  CHECK(parse_csv_spec("").time_format == TimeFormat::kUnix);
}

TEST_CASE("what follows is the file") {
  CHECK(parse_csv_spec("=results/base.gz").file == "results/base.gz");
  CHECK(parse_csv_spec("=-").file == "-");
  CHECK(parse_csv_spec("=").file == "");
}

TEST_CASE("k6's keys are known") {
  const CsvSpec spec = parse_csv_spec("=fileName=a/b.csv,timeFormat=unix_milli,saveInterval=5s");
  CHECK(spec.file == "a/b.csv");
  CHECK(spec.time_format == TimeFormat::kUnixMilli);
  CHECK(parse_csv_spec("=timeFormat=rfc3339_nano").file == "file.csv");
}

TEST_CASE("a wrong key or value is an error that names the closest") {
  CHECK_THROWS_WITH_AS(parse_csv_spec("=filename=a.csv"),
                       "--out csv: \"filename\" is not known (did you mean \"fileName\"?), use "
                       "fileName, timeFormat, saveInterval",
                       ConfigError);
  CHECK_THROWS_WITH_AS(parse_csv_spec("=timeFormat=unix_mili"),
                       "--out csv: timeFormat \"unix_mili\" is unknown (did you mean "
                       "\"unix_milli\"?), use one of unix, unix_milli, unix_micro, unix_nano, "
                       "rfc3339, rfc3339_nano",
                       ConfigError);
  CHECK_THROWS_AS(parse_csv_spec("=saveInterval=often"), ConfigError);
  CHECK_THROWS_AS(parse_csv_spec("=fileName=a.csv,b"), ConfigError);
}

TEST_CASE("the environment says what the flag does not") {
  const Variables variables = [](std::string_view name) -> std::optional<Variable> {
    if (name == "CSV_FILENAME") return Variable{"K6_CSV_FILENAME", "env.csv"};
    if (name == "CSV_TIME_FORMAT") return Variable{"K6_CSV_TIME_FORMAT", "unix_nano"};
    return std::nullopt;
  };
  CHECK(parse_csv_spec("", variables).file == "env.csv");
  CHECK(parse_csv_spec("=flag.csv", variables).file == "flag.csv");
  CHECK(parse_csv_spec("=flag.csv", variables).time_format == TimeFormat::kUnixNano);
  CHECK(parse_csv_spec("=timeFormat=unix", variables).time_format == TimeFormat::kUnix);
}

TEST_CASE("a wrong variable is an error that names it") {
  const auto only = [](const std::string& which, const std::string& value) -> Variables {
    return [=](std::string_view name) -> std::optional<Variable> {
      if (name != which) return std::nullopt;
      return Variable{"K6_" + which, value};
    };
  };
  CHECK_THROWS_WITH_AS(parse_csv_spec("", only("CSV_SAVE_INTERVAL", "often")),
                       "K6_CSV_SAVE_INTERVAL \"often\" is not a duration like 1s", ConfigError);
  CHECK_THROWS_WITH_AS(parse_csv_spec("", only("CSV_TIME_FORMAT", "iso")),
                       "K6_CSV_TIME_FORMAT \"iso\" is unknown, use one of unix, unix_milli, "
                       "unix_micro, unix_nano, rfc3339, rfc3339_nano",
                       ConfigError);
}

}  // namespace
}  // namespace perigee
