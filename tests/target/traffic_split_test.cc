#include "target/traffic_split.h"

#include <map>

#include <doctest/doctest.h>

namespace perigee {
namespace {

std::map<std::string, int> shares(std::vector<TrafficSplit::Part> parts, int requests) {
  const TrafficSplit split(std::move(parts));
  std::map<std::string, int> counts;
  for (int i = 0; i < requests; ++i)
    ++counts[split.next()];
  return counts;
}

using Shares = std::map<std::string, int>;

TEST_CASE("each has its part of as many requests as the weights add up to") {
  CHECK(shares({{"a", 50}, {"b", 50}}, 100) == Shares{{"a", 50}, {"b", 50}});
  CHECK(shares({{"a", 90}, {"b", 10}}, 100) == Shares{{"a", 90}, {"b", 10}});
  CHECK(shares({{"a", 1}, {"b", 2}, {"c", 3}}, 60) == Shares{{"a", 10}, {"b", 20}, {"c", 30}});
  CHECK(shares({{"a", 1}, {"b", 0}}, 10) == Shares{{"a", 10}});
  CHECK(shares({{"a", 7}}, 3) == Shares{{"a", 3}});
}

TEST_CASE("of few requests, too, each has about its part") {
  const Shares counts = shares({{"a", 50}, {"b", 50}}, 10);
  CHECK(counts.at("a") >= 4);
  CHECK(counts.at("b") >= 4);
}

TEST_CASE("without any weight the parts are equal") {
  CHECK(shares({{"a", 0}, {"b", 0}}, 10) == Shares{{"a", 5}, {"b", 5}});
}

}  // namespace
}  // namespace perigee
