#include "engine/execution/segment_share.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

std::vector<uint64_t> first(const SegmentShare& share, uint64_t numbers) {
  std::vector<uint64_t> mine;
  for (uint64_t k = 0; k < numbers; ++k)
    mine.push_back(share.nth(k));
  return mine;
}

TEST_CASE("equal segments take turns") {
  CHECK(first(SegmentShare({1, 1, 1}, 0), 4) == std::vector<uint64_t>{0, 3, 6, 9});
  CHECK(first(SegmentShare({1, 1, 1}, 1), 4) == std::vector<uint64_t>{1, 4, 7, 10});
  CHECK(first(SegmentShare({1, 1, 1}, 2), 4) == std::vector<uint64_t>{2, 5, 8, 11});
}

TEST_CASE("the numbers of a large segment are spread between those of small ones") {
  CHECK(first(SegmentShare({1, 1, 2}, 2), 4) == std::vector<uint64_t>{0, 3, 4, 7});
  CHECK(first(SegmentShare({1, 1, 2}, 0), 2) == std::vector<uint64_t>{1, 5});
  CHECK(first(SegmentShare({1, 1, 2}, 1), 2) == std::vector<uint64_t>{2, 6});
}

TEST_CASE("the whole has every number") {
  const SegmentShare whole;
  CHECK(whole.is_whole());
  CHECK(whole.count(17) == 17);
  CHECK(whole.nth(17) == 17);
  CHECK(whole.fraction() == 1);
  CHECK(whole.following(5).nth(17) == 17);
  CHECK(SegmentShare({3}, 0).is_whole());
}

TEST_CASE("what follows VUs falls to those who have them") {
  // Of one VU the first of two halves has all.
  CHECK(SegmentShare({1, 1}, 0).following(1).count(10) == 10);
  CHECK(SegmentShare({1, 1}, 1).following(1).count(10) == 0);
  // Of three it has two.
  CHECK(first(SegmentShare({1, 1}, 0).following(3), 5) == std::vector<uint64_t>{0, 2, 3, 5, 6});
  CHECK(first(SegmentShare({1, 1}, 1).following(3), 3) == std::vector<uint64_t>{1, 4, 7});
  CHECK(SegmentShare({1, 1}, 0).following(3).fraction() == doctest::Approx(2.0 / 3));
}

struct RandomSequence {
  explicit RandomSequence(unsigned seed) {
    std::mt19937 random(seed);
    const auto up_to = [&](int64_t most) {
      return std::uniform_int_distribution<int64_t>(1, most)(random);
    };
    lengths.resize(static_cast<size_t>(up_to(12)));
    for (int64_t& length : lengths)
      length = up_to(up_to(40));
    for (size_t i = 0; i < lengths.size(); ++i)
      shares.emplace_back(lengths, i);
    cycle = std::accumulate(lengths.begin(), lengths.end(), int64_t{0});
    vus = static_cast<uint64_t>(up_to(50));
  }

  std::vector<int64_t> lengths;
  std::vector<SegmentShare> shares;
  int64_t cycle = 0;
  uint64_t vus = 0;
};

TEST_CASE("segments have every number once, whatever their lengths") {
  const unsigned first_seed = 1;
  for (unsigned seed = first_seed; seed != first_seed + 200; ++seed) {
    CAPTURE(seed);
    RandomSequence sequence(seed);
    const auto check = [](const std::vector<SegmentShare>& shares, uint64_t total) {
      std::vector<int> owners(total);
      for (const SegmentShare& share : shares) {
        for (uint64_t k = 0; k < share.count(total); ++k) {
          REQUIRE(share.nth(k) < total);
          ++owners[share.nth(k)];
        }
      }
      CHECK(std::count(owners.begin(), owners.end(), 1) == static_cast<int64_t>(total));
    };
    const auto total = static_cast<uint64_t>(sequence.cycle * 2 + 7);
    check(sequence.shares, total);
    for (SegmentShare& share : sequence.shares)
      share = share.following(sequence.vus);
    check(sequence.shares, total);
  }
}

TEST_CASE("no segment is ever a whole number ahead of its fair part, or behind") {
  const unsigned first_seed = 1;
  for (unsigned seed = first_seed; seed != first_seed + 200; ++seed) {
    CAPTURE(seed);
    const RandomSequence sequence(seed);
    for (size_t i = 0; i < sequence.shares.size(); ++i) {
      uint64_t last = 0;
      for (int64_t total = 0; total <= 2 * sequence.cycle; ++total) {
        const uint64_t count = sequence.shares[i].count(static_cast<uint64_t>(total));
        const double fair =
            static_cast<double>(total * sequence.lengths[i]) / static_cast<double>(sequence.cycle);
        REQUIRE(std::fabs(static_cast<double>(count) - fair) < 1);
        REQUIRE((count == last || count == last + 1));
        last = count;
      }
    }
  }
}

}  // namespace
}  // namespace perigee
