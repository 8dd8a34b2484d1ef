// The scripts of tests/peers/k6, each written for k6 and again for perigee: both must count the
// same, judge the same and end with the same exit code.
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr const char* kFolder = "tests/peers/k6";
constexpr const char* kWritten = "short.json";  // by the script that has a handleSummary

// What a run of a script left behind.
struct Left {
  int exit_code = 0;
  std::string log;
  json exported;
  json written;
};

// In a folder of its own, which has all scripts and what they open, and against a target of its
// own.
Left run(const std::string& program, const std::string& script) {
  const TargetProcess target;
  const ScratchFolder folder;
  std::filesystem::copy(kFolder, folder / "");
  const ProcessResult result =
      run_process({program, "run", "--quiet", "--summary-export", "export.json",
                   "--summary-trend-stats=avg,p(95),count", "--env=TARGET=" + target.url(), script},
                  {.environment = {{"K6_NO_USAGE_REPORT", "true"}}, .folder = folder / ""});
  Left left{.exit_code = result.exit_code, .log = result.err, .exported = {}, .written = {}};
  if (std::filesystem::exists(folder / kWritten))
    left.written = json::parse(read_text(folder / kWritten));
  else
    left.exported = json::parse(read_text(folder / "export.json"));
  return left;
}

// Null where it is missing.
json find(const json& object, const std::string& key) {
  return object.is_object() && object.contains(key) ? object.at(key) : json();
}

// A group without the groups below it in which nothing was checked: k6 leaves them out.
json checked(json group) {
  json groups = json::object();
  for (const auto& [name, below] : group.at("groups").items()) {
    const json kept = checked(below);
    if (!kept.at("checks").empty() || !kept.at("groups").empty()) groups[name] = kept;
  }
  group["groups"] = groups;
  return group;
}

// How many bytes a request has, and how many VUs the clock found, are each program's own.
bool comparable(const std::string& metric) {
  return metric.rfind("data_", 0) != 0 && metric.rfind("vus", 0) != 0;
}

void compare_metrics(const json& mine, const json& theirs) {
  for (const auto& [name, metric] : theirs.items()) {
    const std::string text(name);
    if (!comparable(text)) continue;
    CAPTURE(text);
    for (const char* key : {"count", "passes", "fails", "thresholds"})
      CHECK(find(find(mine, text), key) == find(metric, key));
  }
}

void compare(const std::string& script) {
  CAPTURE(script);
  const Left theirs = run(std::getenv("K6_PROGRAM"), script + ".js");
  const Left mine = run(perigee_program(), script + ".lua");
  CAPTURE(theirs.log);
  CAPTURE(mine.log);
  CHECK(mine.exit_code == theirs.exit_code);
  CHECK(mine.written == theirs.written);
  REQUIRE(mine.exported.is_null() == theirs.exported.is_null());
  if (theirs.exported.is_null()) return;
  compare_metrics(find(mine.exported, "metrics"), find(theirs.exported, "metrics"));
  CHECK(checked(mine.exported.at("root_group")) == checked(theirs.exported.at("root_group")));
}

// The names of the scripts with this ending.
std::set<std::string> scripts(const std::string& ending) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    if (entry.path().extension() == ending) names.insert(entry.path().stem().string());
  return names;
}

TEST_CASE("every script of k6 has its port") {
  CHECK(scripts(".js").size() >= 12);
  CHECK(scripts(".lua") == scripts(".js"));
}

TEST_CASE("scripts of k6 and their ports count, judge and end alike") {
  for (const std::string& script : scripts(".js"))
    compare(script);
}

}  // namespace
}  // namespace perigee
