#include "engine/http/http2/block_pool.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

namespace perigee::http2 {
namespace {

TEST_CASE("a block that is given back goes to the next who wants about as much") {
  BlockPool pool;
  void* const block = pool.allocate(100);
  void* const other = pool.allocate(100);
  CHECK(other != block);
  pool.release(block);
  CHECK(pool.kept() > 0);
  void* const larger = pool.allocate(200);
  CHECK(larger != block);
  CHECK(pool.allocate(97) == block);
  CHECK(pool.kept() == 0);
  for (void* each : {block, other, larger})
    pool.release(each);
}

TEST_CASE("every block has the room that was asked for, however it was used before") {
  BlockPool pool;
  for (int round = 0; round < 2; ++round) {
    std::vector<char*> blocks;
    for (size_t size = 0; size <= 2 * BlockPool::kMaxBlock; ++size) {
      blocks.push_back(static_cast<char*>(pool.allocate(size)));
      std::memset(blocks.back(), static_cast<int>(size % 100), size);
    }
    for (size_t size = 0; size < blocks.size(); ++size) {
      const char* const begin = blocks[size];
      CHECK(std::all_of(begin, begin + size,
                        [&](char c) { return c == static_cast<char>(size % 100); }));
    }
    for (char* block : blocks)
      pool.release(block);
  }
}

TEST_CASE("what is asked for in zeros is zeros, also in a block that was used") {
  BlockPool pool;
  void* const block = pool.allocate(64);
  std::memset(block, 1, 64);
  pool.release(block);
  const auto* const zeros = static_cast<char*>(pool.allocate_zeros(8, 8));
  CHECK(zeros == block);
  CHECK(std::count(zeros, zeros + 64, 0) == 64);
  pool.release(block);
  CHECK(pool.allocate_zeros(std::numeric_limits<size_t>::max() / 2, 3) == nullptr);
}

TEST_CASE("no more is kept than the pool's limit, and nothing of large blocks") {
  BlockPool pool;
  std::vector<void*> blocks;
  for (int i = 0; i < 4000; ++i)
    blocks.push_back(pool.allocate(200));
  for (void* block : blocks)
    pool.release(block);
  CHECK(pool.kept() <= BlockPool::kMaxKept);
  CHECK(pool.kept() > BlockPool::kMaxKept / 2);
  const size_t kept = pool.kept();
  pool.release(pool.allocate(BlockPool::kMaxBlock + 100));
  pool.release(nullptr);
  CHECK(pool.kept() == kept);
}

TEST_CASE("a block that was reallocated is kept by what it has room for") {
  BlockPool pool;
  void* const grown = std::realloc(pool.allocate(30), 301);
  pool.release(grown);
  void* const block = pool.allocate(pool.kept());
  CHECK(block == grown);
  pool.release(block);
}

}  // namespace
}  // namespace perigee::http2
