#include "engine/metrics/check_totals.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

Sink rate(uint64_t nonzero, uint64_t total) {
  return Sink(RateTotal{nonzero, total});
}

TEST_CASE("passes and fails add up per group and name") {
  CheckTotals totals;
  totals.add({{"group", ""}, {"check", "is 200"}}, rate(3, 4));
  totals.add({{"group", "::login"}, {"check", "is 200"}}, rate(0, 1));
  totals.add({{"check", "is 200"}, {"scenario", "other"}}, rate(1, 1));
  REQUIRE(totals.checks().size() == 2);
  CHECK(totals.checks()[0].group == "");
  CHECK(totals.checks()[0].name == "is 200");
  CHECK(totals.checks()[0].passes == 4);
  CHECK(totals.checks()[0].fails == 1);
  CHECK(totals.checks()[1].group == "::login");
  CHECK(totals.checks()[1].fails == 1);
}

TEST_CASE("samples without the name of a check are not listed") {
  CheckTotals totals;
  totals.add({{"scenario", "steady"}}, rate(1, 1));
  CHECK(totals.checks().empty());
}

TEST_CASE("groups are noted once, in the order in which they are seen") {
  CheckTotals totals;
  totals.note_group({{"group", "::b"}});
  totals.note_group({{"group", "::a"}});
  totals.note_group({{"group", "::b"}});
  totals.note_group({{"group", ""}});
  totals.note_group({{"url", "/"}});
  CHECK(totals.groups() == std::vector<std::string>{"::b", "::a"});
}

}  // namespace
}  // namespace perigee
