#include "engine/http/unread_bytes.h"

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

Instant at(int ms) {
  return Instant(std::chrono::milliseconds(ms));
}

}  // namespace

TEST_CASE("pieces are read in their order, each with its instant, also in parts") {
  UnreadBytes unread;
  unread.append("abc", at(1));
  unread.append("", at(2));
  unread.append("de", at(3));
  CHECK(unread.size() == 5);
  CHECK(unread.front() == "abc");
  CHECK(unread.arrived() == at(1));
  unread.take(2);
  CHECK(unread.front() == "c");
  CHECK(unread.arrived() == at(1));
  unread.take(1);
  CHECK(unread.front() == "de");
  CHECK(unread.arrived() == at(3));
  unread.take(2);
  CHECK(unread.empty());
  CHECK(unread.size() == 0);
}

TEST_CASE("what follows on a lot that was read and never all of it is still right") {
  UnreadBytes unread;
  unread.append("first", at(0));
  for (int i = 1; i <= 2000; ++i) {
    unread.append(std::string(100, static_cast<char>('a' + i % 26)), at(i));
    unread.take(unread.front().size());
    REQUIRE(unread.size() == 100);
    REQUIRE(unread.front() == std::string(100, static_cast<char>('a' + i % 26)));
    REQUIRE(unread.arrived() == at(i));
  }
}

}  // namespace perigee::http
