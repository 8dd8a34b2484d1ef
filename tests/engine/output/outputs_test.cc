#include "engine/output/outputs.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

const std::string kThereAre =
    "there are csv=FILE and json=FILE, with .gz compressed, results=FILE, prometheus=ADDRESS, "
    "prometheus-rw=URL, influxdb=URL and opentelemetry=URL";

struct Fixture {
  std::vector<std::unique_ptr<SampleOutput>> open(const std::vector<std::string>& specs) const {
    return open_outputs(specs, {registry, thresholds});
  }

  ScratchFolder folder;
  MetricRegistry registry;
  ThresholdSet thresholds;
};

TEST_CASE_FIXTURE(Fixture, "several outputs are opened in the order given") {
  const auto outputs = open({"json=" + (folder / "a.json.gz"), "csv=" + (folder / "b.csv")});
  REQUIRE(outputs.size() == 2);
  CHECK(outputs[0]->name() == "json (" + (folder / "a.json.gz") + ")");
  CHECK(outputs[1]->name() == "csv (" + (folder / "b.csv") + ")");
}

TEST_CASE_FIXTURE(Fixture, "json alone is standard output, and so are a dash and nothing") {
  CHECK(open({"json"})[0]->name() == "json (standard output)");
  CHECK(open({"json="})[0]->name() == "json (standard output)");
  CHECK(open({"csv=-"})[0]->name() == "csv (standard output)");
}

TEST_CASE_FIXTURE(Fixture, "two outputs can't write the same file") {
  const std::string file = folder / "rows";
  CHECK_THROWS_WITH_AS(open({"json=" + file, "csv=" + file}),
                       ("--out: two outputs can't both write " + file).c_str(), ConfigError);
  CHECK_THROWS_WITH_AS(open({"json", "csv=-"}),
                       "--out: two outputs can't both write to standard output", ConfigError);
}

TEST_CASE_FIXTURE(Fixture, "a type that is not there is refused with what there is") {
  CHECK_THROWS_WITH_AS(open({"statsd"}),
                       (R"(--out: the output statsd is not in this version; )" + kThereAre).c_str(),
                       ConfigError);
  CHECK_THROWS_WITH_AS(
      open({"jsom=x"}),
      (R"(--out: there is no output "jsom" (did you mean "json"?); )" + kThereAre).c_str(),
      ConfigError);
  CHECK_THROWS_WITH_AS(
      open({"promeheus=:9464"}),
      (R"(--out: there is no output "promeheus" (did you mean "prometheus"?); )" + kThereAre)
          .c_str(),
      ConfigError);
}

TEST_CASE_FIXTURE(Fixture, "what an export sends is opened elsewhere") {
  CHECK(open({"prometheus=:0", "prometheus"}).empty());
  CHECK(export_specs({"csv=x", "prometheus=:1", "json", "experimental-prometheus-rw"}) ==
        std::vector<std::string>{"prometheus=:1", "experimental-prometheus-rw"});
  CHECK_FALSE(take_standard_output({"prometheus"}));
}

TEST_CASE_FIXTURE(Fixture, "errors name what set the output") {
  const auto refusal = [&](const std::vector<std::string>& specs, const Variables& variables) {
    try {
      open_outputs(specs, {registry, thresholds, {}, {}, nullptr, "K6_OUT"}, variables);
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const Variables csv = [](std::string_view name) -> std::optional<Variable> {
    if (name != "CSV_FILENAME") return std::nullopt;
    return Variable{"PERIGEE_CSV_FILENAME", "/proc/x"};
  };
  CHECK(refusal({"xml=a"}, no_variables).starts_with("K6_OUT: there is no output \"xml\""));
  CHECK(refusal({"kafka"}, no_variables).starts_with("K6_OUT: the output kafka is not in"));
  CHECK(refusal({"json=/proc/x"}, no_variables) ==
        "K6_OUT: can't open /proc/x for writing: No such file or directory");
  CHECK(refusal({"csv=timeFormat=x"}, no_variables).starts_with("K6_OUT csv: timeFormat \"x\""));
  CHECK(refusal({"csv=other=x"}, no_variables).starts_with("K6_OUT csv: \"other\" is not known"));
  CHECK(refusal({"csv"}, csv) ==
        "PERIGEE_CSV_FILENAME: can't open /proc/x for writing: No such file or directory");
  CHECK(refusal({"csv=/proc/y"}, csv).starts_with("K6_OUT: can't open /proc/y"));
}

TEST_CASE_FIXTURE(Fixture, "an output that is refused is not offered, nor another in its place") {
  // "csv" would be close enough to "cloud" misspelt.
  CHECK_THROWS_WITH_AS(open({"clou"}),
                       (R"(--out: there is no output "clou"; )" + kThereAre).c_str(), ConfigError);
}

}  // namespace
}  // namespace perigee
