#include "engine/export/sample_book.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/engine/export/run_book.h"

namespace perigee::exports {

TEST_CASE("what intervals add makes the totals of a run") {
  RunBook run;
  const MetricId reqs = run.metric("http_reqs", MetricKind::kCounter);
  run.add(reqs, {{"name", "a"}}, {1, 1});
  run.add(reqs, {{"name", "b"}}, {1});
  run.add(reqs, {{"name", "a"}}, {1});
  REQUIRE(run.book.series().size() == 2);
  CHECK(run.book.series()[0].total.counter().sum == 3);
  CHECK(run.book.series()[1].total.counter().sum == 1);
  CHECK(run.book.labels(run.book.series()[1].tags) == LabelSet{{"name", "b"}});
}

TEST_CASE("tag sets that become the same labels are one series") {
  RunBook run;
  const MetricId reqs = run.metric("http_reqs", MetricKind::kCounter);
  run.add(reqs, {{"a.b", "x"}}, {1});
  run.add(reqs, {{"a_b", "x"}}, {1});
  run.add(reqs, {{"a_b", "x"}, {"group", ""}}, {1});
  REQUIRE(run.book.series().size() == 1);
  CHECK(run.book.series()[0].total.counter().sum == 3);
}

TEST_CASE("tag sets past the limit are one series that says so, and are counted") {
  RunBook run(3);
  const MetricId reqs = run.metric("http_reqs", MetricKind::kCounter);
  for (int i = 0; i < 10; ++i)
    run.add(reqs, {{"name", fmt::format("n{}", i)}}, {1});
  double sum = 0;
  for (const BookSeries& series : run.book.series())
    sum += series.total.counter().sum;
  CHECK(sum == 10);
  CHECK(run.book.series().size() <= 4);
  CHECK(run.book.labels(run.book.series().back().tags) ==
        LabelSet{{"name", std::string(kTooManyTagSets)}});
  CHECK(run.book.refused() >= 7);
}

}  // namespace perigee::exports
