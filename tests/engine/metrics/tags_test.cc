#include "engine/metrics/tags.h"

#include <string>

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("tags are sorted by key and each key is there once") {
  TagSet tags{{"url", "/b"}, {"method", "GET"}, {"url", "/a"}};
  CHECK(tags.size() == 2);
  CHECK(tags.begin()->first == "method");
  REQUIRE(tags.find("url") != nullptr);
  CHECK(*tags.find("url") == "/a");
  CHECK(tags.find("status") == nullptr);
}

TEST_CASE("the order in which tags are set does not matter") {
  const TagSet one{{"a", "1"}, {"b", "2"}};
  const TagSet other{{"b", "2"}, {"a", "1"}};
  CHECK(one == other);
  CHECK(one.hash() == other.hash());
  CHECK_FALSE(one == TagSet{{"a", "2"}, {"b", "1"}});
}

TEST_CASE("a set with one tag more leaves the original as it was") {
  const TagSet plain{{"a", "1"}};
  CHECK(plain.with("b", "2") == TagSet{{"a", "1"}, {"b", "2"}});
  CHECK(plain.with("a", "3") == TagSet{{"a", "3"}});
  CHECK(plain == TagSet{{"a", "1"}});
}

TEST_CASE("a set contains another when it has all its pairs") {
  const TagSet tags{{"method", "GET"}, {"scenario", "steady"}};
  CHECK(tags.contains({}));
  CHECK(tags.contains({{"scenario", "steady"}}));
  CHECK_FALSE(tags.contains({{"scenario", "ramp"}}));
  CHECK_FALSE(tags.contains({{"scenario", "steady"}, {"status", "200"}}));
}

TEST_CASE("equal sets have one number and one copy") {
  TagSets sets;
  const TagSetId first = sets.intern({{"a", "1"}});
  CHECK(sets.intern({{"a", "1"}}) == first);
  CHECK(sets.intern(std::make_shared<const TagSet>(TagSet{{"a", "1"}})) == first);
  CHECK(sets.intern({{"a", "2"}}) != first);
  CHECK(*sets.at(first) == TagSet{{"a", "1"}});
  CHECK(sets.size() == 3);
}

TEST_CASE("the empty set has number 0") {
  TagSets sets;
  CHECK(sets.intern(TagSet{}) == 0);
  CHECK(sets.at(0)->empty());
}

TEST_CASE("a set for which there is no room keeps its tags of few values") {
  TagSets sets(20);
  for (int i = 0; i < 19; ++i)
    sets.intern({{"url", std::to_string(i)}});
  CHECK(sets.refused() == 0);
  const TagSetId id =
      sets.intern({{"url", "/19"}, {"name", "/19"}, {"status", "200"}, {"scenario", "steady"}});
  CHECK(*sets.at(id) ==
        TagSet{{"name", "(too many tag sets)"}, {"scenario", "steady"}, {"status", "200"}});
  CHECK(sets.intern({{"url", "/20"}, {"status", "200"}, {"scenario", "steady"}}) == id);
  CHECK(sets.refused() == 2);
}

TEST_CASE("a set that is known keeps its number when the room is used up") {
  TagSets sets(10);
  const TagSetId known = sets.intern({{"url", "/known"}});
  for (int i = 0; i < 50; ++i)
    sets.intern({{"url", std::to_string(i)}});
  CHECK(sets.intern({{"url", "/known"}}) == known);
}

TEST_CASE("when the reduced sets have no room either all sets are one") {
  TagSets sets(20);
  for (int i = 0; i < 19; ++i)
    sets.intern({{"url", std::to_string(i)}});
  for (int i = 0; i < 1000; ++i)
    sets.intern({{"check", std::to_string(i)}});
  CHECK(sets.size() == 23);
  const TagSetId last = sets.intern({{"check", "one more"}});
  CHECK(*sets.at(last) == TagSet{{"name", "(too many tag sets)"}});
  CHECK(sets.refused() == 1001);
}

TEST_CASE("a run with endless URLs keeps ten thousand tag sets") {
  TagSets sets;
  for (int i = 0; i < 30'000; ++i)
    sets.intern({{"url", std::to_string(i)}, {"status", "200"}});
  CHECK(sets.size() == 10'001);
  CHECK(sets.refused() == 20'001);
}

TEST_CASE("system tags that are off make no difference between sets") {
  TagSets sets(SystemTags({"method", "status"}));
  const TagSetId a = sets.intern({{"method", "GET"}, {"url", "/a"}, {"zone", "x"}});
  CHECK(sets.intern({{"method", "GET"}, {"url", "/b"}, {"zone", "x"}}) == a);
  CHECK(*sets.at(a) == TagSet{{"method", "GET"}, {"zone", "x"}});
  CHECK(sets.intern({{"url", "/c"}}) == 0);
}

}  // namespace
}  // namespace perigee
