#include "engine/output/outputs.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

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
  CHECK_THROWS_WITH_AS(open({"experimental-prometheus-rw"}),
                       "--out: the output experimental-prometheus-rw is not in this version; there "
                       "are csv=FILE and json=FILE, with .gz compressed",
                       ConfigError);
  CHECK_THROWS_WITH_AS(open({"jsom=x"}),
                       "--out: there is no output \"jsom\" (did you mean \"json\"?); there are "
                       "csv=FILE and json=FILE, with .gz compressed",
                       ConfigError);
}

}  // namespace
}  // namespace perigee
