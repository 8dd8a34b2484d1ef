// One small run in every shape, byte for byte. golden_readers.py reads the files back.
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include "engine/base/json_text.h"
#include "engine/output/csv_output.h"
#include "engine/output/json_output.h"
#include "engine/output/sample_buffer.h"
#include "engine/output/summary_data.h"
#include "engine/output/summary_export.h"
#include "engine/output/text_summary.h"
#include "tests/engine/output/sample_run.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

// Two scenarios, a group, values and tags that are awkward to write.
class GoldenRun : public SampleRun {
 public:
  explicit GoldenRun(SampleTap* tap = nullptr) : SampleRun(tap) {
    threshold("http_req_duration", {"p(95)<300", "max<=100"});
    threshold("http_reqs{scenario:buy}", {"count==1"});
    threshold("tokens_out{model:gpt2}", {});
    request({{"name", "http://a/?x=1,2&y=\"q\""}, {"scenario", "browse"}, {"status", "200"}}, true);
    request({{"name", "http://a/café"}, {"scenario", "browse"}, {"group", "::cart"}}, true);
    request({{"name", "http://b/<x>"}, {"scenario", "buy"}, {"status", "503"}}, false);
    add("checks", {{"check", "is ok"}, {"group", ""}, {"scenario", "buy"}}, {1, 0});
    add("checks", {{"check", "in cart"}, {"group", "::cart"}, {"scenario", "browse"}}, {1});
    add("tokens_out", {{"model", "gpt2"}, {"note", "two\nlines"}}, {12, 1.5});
    add("queue_depth", {}, {7, 3, 4.25});
    add("iterations", {{"scenario", "browse"}}, {1, 1});
    add("iteration_duration", {{"scenario", "browse"}}, {81.25, 140.000001});
    add("data_sent", {{"scenario", "browse"}}, {4'860});
    add("vus", {}, {1, 5, 4});
  }

 private:
  void request(const TagSet& tags, bool expected) {
    const TagSet all = tags.with("expected_response", expected ? "true" : "false");
    add("http_reqs", all, {1});
    add("http_req_duration", all, {expected ? 80.125 : 140.5});
    add("http_req_waiting", all, {expected ? 1e-5 : 140});
    add("http_req_failed", all, {expected ? 0.0 : 1.0});
  }
};

// With PERIGEE_WRITE_GOLDEN set the files are written anew instead.
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = "tests/engine/output/golden/" + name;
  if (std::getenv("PERIGEE_WRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
  CHECK(text == read_text(path));
}

// What the run's samples look like through an output.
template <typename Open>
std::string raw(const Open& open) {
  const ScratchFolder folder;
  SampleQueue queue;
  SampleBuffer buffer(0, queue);
  buffer.on_source({.vu = 3, .iteration = 14, .known = true});
  GoldenRun run(&buffer);
  buffer.flush();
  queue.close();
  const ThresholdSet thresholds = run.thresholds();
  const OutputContext context{run.registry(),
                              thresholds,
                              SystemTags({"check", "expected_response", "group", "name", "scenario",
                                          "status", "vu", "iter"}),
                              {Instant(1s), WallTime(1'700'000'000s) + 250ms}};
  const auto output = open(folder / "raw", context);
  while (const auto batch = queue.pop())
    output->write(*batch);
  output->finish();
  return read_text(folder / "raw");
}

TEST_CASE("rows of CSV are as they were") {
  check_golden("rows.csv", raw([](const std::string& file, const OutputContext& context) {
                 return std::make_unique<CsvOutput>(
                     CsvSpec{.file = file, .time_format = TimeFormat::kUnixMilli}, context);
               }));
}

TEST_CASE("lines of JSON are as they were") {
  check_golden("lines.json", raw([](const std::string& file, const OutputContext& context) {
                 return std::make_unique<JsonOutput>(file, context);
               }));
}

TEST_CASE("the summary's files are as they were") {
  GoldenRun run;
  const Summary summary = run.summary({"Mind the gap."});
  check_golden("export.json", summary_export(summary, {{"model", "iris"}}));
  check_golden("machine_readable.json",
               machine_readable_summary(summary, {.script = "return M",
                                                  .version = "1.2.3",
                                                  .generated_at = WallTime(1'700'000'000s)}));
  check_golden("data.json", json_text(summary_data(summary, {.stdout_is_terminal = true}), 4));
}

TEST_CASE("the summary's texts are as they were") {
  GoldenRun run;
  const Summary summary = run.summary({"Mind the gap."}, true);
  check_golden("blocks.txt", text_summary(summary, {.full = true}));
  check_golden("coloured.txt", text_summary(run.summary(), {.colours = true}));
}

}  // namespace
}  // namespace perigee
