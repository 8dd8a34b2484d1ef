// What docs/ lists must be what there is.
#include <regex>
#include <set>

#include <doctest/doctest.h>

#include "cli/modules.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

// The first group of every match of `pattern` in `text`.
std::set<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::set<std::string> matches;
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match)
    matches.insert((*match)[1]);
  return matches;
}

// Those of the names that `document` does not write as `name` in its text.
std::set<std::string> missing_in(const std::string& document, const std::set<std::string>& names) {
  const std::string text = read_text(document);
  std::set<std::string> missing;
  for (const std::string& name : names) {
    const bool found = std::regex_search(text, std::regex("`" + name + "[` ,]"));
    if (!found) missing.insert(name);
  }
  return missing;
}

}  // namespace

TEST_CASE("docs/metrics.md explains every built-in metric") {
  MetricRegistry registry;
  declare_builtins(registry);
  for (const auto& module : make_modules())
    module->declare(registry);
  std::set<std::string> names;
  for (const Metric& metric : registry)
    names.insert(metric.name);
  REQUIRE(names.contains("http_reqs"));
  CHECK(missing_in("docs/metrics.md", names) == std::set<std::string>{});
}

TEST_CASE("docs/environment.md explains every variable that the components read") {
  const std::set<std::string> names = all_matches(read_text("scenarios/components/settings.lua"),
                                                  R"rx(\{ "\w+", "([A-Z0-9_]+)")rx");
  REQUIRE(names.contains("MODEL_TYPE"));
  CHECK(missing_in("docs/environment.md", names) == std::set<std::string>{});
}

TEST_CASE("docs/target.md explains every option of perigee serve") {
  const ProcessResult help = run_process({perigee_program(), "serve", "--help"});
  std::set<std::string> names = all_matches(help.out, R"((--[a-z-]+))");
  REQUIRE(names.contains("--port"));
  names.erase("--help");
  CHECK(missing_in("docs/target.md", names) == std::set<std::string>{});
}

}  // namespace perigee
