// The conformance tests of h2spec against `perigee serve`; see tests/peers/with_h2spec.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/support/process.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

// What h2spec says of a case: its section of the standard, its title, and whether it passed.
struct Case {
  std::string name;
  bool passed = false;
};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The cases of a report in JUnit's XML, in its order. Those that passed have nothing inside.
std::vector<Case> read_report(const std::string& xml) {
  static const std::regex pattern(
      R"re(<testcase package="([^"]*)" classname="([^"]*)"[^>]*>(\s*<(?:error|failure))?)re");
  std::vector<Case> cases;
  for (std::sregex_iterator found(xml.begin(), xml.end(), pattern), end; found != end; ++found) {
    cases.push_back({(*found)[1].str() + ": " + (*found)[2].str(), !(*found)[3].matched});
  }
  return cases;
}

// The cases that h2spec tries against a target. Throws std::runtime_error if it can't be run.
std::vector<Case> try_cases(const TargetProcess& target) {
  const char* const program = std::getenv("H2SPEC_PROGRAM");
  REQUIRE(program != nullptr);
  const auto report = std::filesystem::temp_directory_path() /
                      ("perigee-h2spec-" + std::to_string(::getpid()) + ".xml");
  const std::string url = target.url();
  run_process({program, "--port", url.substr(url.rfind(':') + 1), "--junit-report", report});
  std::vector<Case> cases = read_report(text_of(report));
  std::filesystem::remove(report);
  return cases;
}

}  // namespace

TEST_CASE("The target conforms to HTTP/2 in all cases of h2spec except the two that are known") {
  std::vector<std::string> failed;
  const std::vector<Case> cases = try_cases(TargetProcess());
  for (const Case& tried : cases) {
    if (!tried.passed) failed.push_back(tried.name);
  }
  CHECK(cases.size() == 145);
  // A target that also speaks HTTP/1.1 takes a wrong preface for a bad request and answers that.
  // nghttp2 ignores frames of a stream whose number is lower than one it has seen.
  const std::vector<std::string> known{
      "http2/3.5: Sends invalid connection preface",
      "http2/5.1.1: Sends stream identifier that is numerically smaller than previous"};
  CHECK(failed == known);
}

}  // namespace perigee
