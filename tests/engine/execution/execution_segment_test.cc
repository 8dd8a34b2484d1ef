#include "engine/execution/execution_segment.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

std::string complaint(const std::string& segment, const std::string& sequence) {
  try {
    const ExecutionSegment built(segment, sequence);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

// How segment and sequence are understood.
std::string read(const std::string& segment, const std::string& sequence) {
  const ExecutionSegment built(segment, sequence);
  return built.text() + " of " + built.sequence_text();
}

TEST_CASE("a segment is a part from 0 or from one cut to another") {
  CHECK(read("10%", "") == "0:1/10 of 0,1/10,1");
  CHECK(read("1/3", "") == "0:1/3 of 0,1/3,1");
  CHECK(read("0.2:2/3", "") == "1/5:2/3 of 0,1/5,2/3,1");
  CHECK(read("50%:1", "") == "1/2:1 of 0,1/2,1");
}

TEST_CASE("a sequence says how the others are cut") {
  CHECK(read("1/4:1/2", "0,1/4,1/2,1") == "1/4:1/2 of 0,1/4,1/2,1");
  CHECK(read("25%:0.5", "1/4,1/2") == "1/4:1/2 of 0,1/4,1/2,1");
  CHECK(read("0:1/4", "0,1/4,1/2,1") == "0:1/4 of 0,1/4,1/2,1");
}

TEST_CASE("without a segment it is the whole test") {
  CHECK(ExecutionSegment().is_whole());
  CHECK(ExecutionSegment("", "").is_whole());
  CHECK(ExecutionSegment("0:1", "").is_whole());
  CHECK(ExecutionSegment("100%", "0,1").is_whole());
  CHECK(ExecutionSegment().text() == "0:1");
  CHECK(!ExecutionSegment("0:1/2", "").is_whole());
}

TEST_CASE("a segment has its share of everything") {
  CHECK(ExecutionSegment("1/4:1/2", "0,1/4,1/2,1").share().count(100) == 25);
  CHECK(ExecutionSegment("1/2:1", "0,1/4,1/2,1").share().count(100) == 50);
}

TEST_CASE("a malformed segment is refused with what to write") {
  CHECK(complaint("a", "") ==
        "options.executionSegment: \"a\" is no part of a test: write 10%, 1/3 or 0.25, from 0 to "
        "1");
  CHECK(complaint("0:1.5", "") ==
        "options.executionSegment: \"1.5\" is no part of a test: write 10%, 1/3 or 0.25, from 0 to "
        "1");
  CHECK(complaint(":", "") ==
        "options.executionSegment: \"\" is no part of a test: write 10%, 1/3 or 0.25, from 0 to 1");
  CHECK(complaint("1/2:1/4", "") ==
        "options.executionSegment: 1/2:1/4 is empty: it must end after it starts");
  CHECK(complaint("0", "") ==
        "options.executionSegment: 0:0 is empty: it must end after it starts");
}

TEST_CASE("a malformed sequence is refused with what is wrong") {
  CHECK(complaint("", "0,1/2,x") ==
        "options.executionSegmentSequence: \"x\" is no part of a test: write 10%, 1/3 or 0.25, "
        "from 0 to 1");
  CHECK(complaint("", "0,1/2,1/3,1") ==
        "options.executionSegmentSequence: must ascend, but 1/2 does not come before 1/3");
  CHECK(complaint("", "1/2") ==
        "options.executionSegmentSequence: must have two numbers or more, as in 0,1/4,1/2,1");
  CHECK(complaint("0:1/3", "0,1/2,1") ==
        "options.executionSegment: 0:1/3 is none of the segments of 0,1/2,1");
  CHECK(complaint("0:1/2", "0,1/4,1/2,1") ==
        "options.executionSegment: 0:1/2 is none of the segments of 0,1/4,1/2,1");
}

TEST_CASE("cuts that have no common denominator of a sensible size are refused") {
  CHECK(complaint("0:0.333333333", "") ==
        "options.executionSegment: 0,333333333/1000000000,1 has no common denominator up to "
        "100000: write simpler fractions");
}

TEST_CASE("a thousand segments are possible, more are not") {
  const auto sequence = [](int segments) {
    std::string cuts = "0";
    for (int i = 1; i <= segments; ++i)
      cuts += "," + std::to_string(i) + "/" + std::to_string(segments);
    return cuts;
  };
  CHECK(ExecutionSegment("999/1000:1", sequence(1000)).share().count(5000) == 5);
  CHECK(complaint("1000/1001:1", sequence(1001)) ==
        "options.executionSegmentSequence: has 1001 segments, at most 1000 are possible");
}

}  // namespace
}  // namespace perigee
