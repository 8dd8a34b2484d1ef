// The scenario and the summary of the README must be what people get when they try them.
#include <fstream>
#include <regex>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

// The first fenced block of the README that holds `words`.
std::string fenced_block(const std::string& words) {
  const std::string text = read_text("README.md");
  const std::regex fence("```[a-z]*\n([^]*?)```\n");
  for (std::sregex_iterator match(text.begin(), text.end(), fence), end; match != end; ++match) {
    const std::string block = (*match)[1];
    if (block.find(words) != std::string::npos) return block;
  }
  return {};
}

std::string replace_all(const std::string& text, const char* pattern, const char* with) {
  return std::regex_replace(text, std::regex(pattern), with);
}

// The summary without what differs from run to run: figures, their units, the width of columns, and
// what it says of a machine that was too busy.
std::string shape(const std::string& printed) {
  const std::string summary = printed.substr(0, printed.find("\n  █ WARNINGS"));
  const std::string figures =
      replace_all(summary, "[0-9][0-9.]*(ns|µs|ms|s|%| k?B(/s)?)?(/s)?", "N");
  return replace_all(figures, " +", " ");
}

}  // namespace

TEST_CASE("the README's scenario prints the README's summary") {
  const TargetProcess target;
  const ScratchFolder folder;
  const std::string script = fenced_block("executor = \"constant-arrival-rate\"");
  const std::string summary = fenced_block("█ THRESHOLDS");
  REQUIRE(script.find("duration = \"10s\"") != std::string::npos);
  REQUIRE(summary.find("http_req_duration") != std::string::npos);

  // A second is enough for every line to be there. A busy machine must neither drop an iteration
  // nor fail.
  std::string brief = replace_all(script, "duration = \"10s\"", "duration = \"1s\"");
  brief = replace_all(brief, "VUs = 20", "VUs = 200");
  std::ofstream(folder / "steady.lua") << replace_all(brief, "<200", "<60000");
  const ProcessResult run = run_process(
      {perigee_program(), "run", "--quiet", folder / "steady.lua"}, target.environment());
  CHECK(run.exit_code == 0);
  CHECK(shape(run.out) == "\n" + shape(summary));
}

}  // namespace perigee
