#include "engine/http/batch_schedule.h"

#include <vector>

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

using Started = std::vector<size_t>;

BatchSchedule batch(BatchLimits limits, const std::vector<const char*>& hosts) {
  BatchSchedule schedule;
  schedule.reset(limits);
  for (const char* host : hosts)
    schedule.add(host);
  return schedule;
}

Started start_all(BatchSchedule& schedule) {
  Started started;
  while (const auto request = schedule.start_next())
    started.push_back(*request);
  return started;
}

}  // namespace

TEST_CASE("requests of a batch start in their order up to its limit") {
  BatchSchedule schedule = batch({.total = 2, .per_host = 6}, {"a:80", "a:80", "a:80", "a:80"});
  CHECK(start_all(schedule) == Started{0, 1});
  schedule.ended(0);
  CHECK(start_all(schedule) == Started{2});
  schedule.ended(2);
  schedule.ended(1);
  CHECK(schedule.in_flight() == 0);
  CHECK(start_all(schedule) == Started{3});
}

TEST_CASE("a request whose host is busy lets those of other hosts pass") {
  BatchSchedule schedule =
      batch({.total = 20, .per_host = 1}, {"a:80", "a:80", "b:80", "a:80", "c:80", "b:80"});
  CHECK(start_all(schedule) == Started{0, 2, 4});
  schedule.ended(2);
  CHECK(start_all(schedule) == Started{5});
  schedule.ended(0);
  CHECK(start_all(schedule) == Started{1});
  schedule.ended(1);
  CHECK(start_all(schedule) == Started{3});
}

TEST_CASE("requests that will never be sent keep no host busy") {
  BatchSchedule schedule = batch({.total = 20, .per_host = 1}, {"", "", "a:80"});
  CHECK(start_all(schedule) == Started{0, 1, 2});
}

TEST_CASE("a schedule that is used again has forgotten the batch before") {
  BatchSchedule schedule = batch({.total = 1, .per_host = 1}, {"a:80", "a:80"});
  CHECK(start_all(schedule) == Started{0});
  schedule.reset({.total = 5, .per_host = 5});
  CHECK(schedule.size() == 0);
  CHECK(start_all(schedule).empty());
  schedule.add("a:80");
  CHECK(start_all(schedule) == Started{0});
}

}  // namespace perigee::http
