#include "engine/http/unread_text.h"

#include <string>

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/support/coded_body.h"

namespace perigee::http {
namespace {

Instant at(int ms) {
  return Instant(std::chrono::milliseconds(ms));
}

}  // namespace

TEST_CASE("without codings the bytes are the text") {
  UnreadText unread;
  unread.begin("");
  CHECK_FALSE(unread.ready());
  unread.append("abc", at(1));
  CHECK(unread.ready());
  CHECK(unread.front() == "abc");
  unread.take(2);
  CHECK(unread.front() == "c");
  CHECK(unread.arrived() == at(1));
  CHECK(unread.size() == 1);
}

TEST_CASE("text has arrived when the last byte that it takes has") {
  const std::string one = encoded("gzip", "one");
  UnreadText unread;
  unread.begin("gzip");
  unread.append(std::string_view(one).substr(0, 5), at(1));
  CHECK_FALSE(unread.ready());
  unread.append(std::string_view(one).substr(5), at(2));
  unread.append(encoded("gzip", "two"), at(3));
  REQUIRE(unread.ready());
  CHECK(unread.front() == "one");
  CHECK(unread.arrived() == at(2));
  unread.take(3);
  REQUIRE(unread.ready());
  CHECK(unread.front() == "two");
  CHECK(unread.arrived() == at(3));
  unread.take(1);
  CHECK(unread.front() == "wo");
  unread.take(2);
  CHECK_FALSE(unread.ready());
  CHECK(unread.size() == 0);
  CHECK_FALSE(unread.finish());
}

TEST_CASE("few bytes that stand for a lot are unpacked as they are read") {
  const size_t size = 10'000'000;
  UnreadText unread;
  unread.begin("gzip");
  unread.append(encoded("gzip", std::string(size, 'x')), at(1));
  size_t read = 0;
  while (unread.ready()) {
    REQUIRE(unread.size() < 10 * limits::kDecodedPiece);
    read += unread.front().size();
    unread.take(unread.front().size());
  }
  CHECK(read == size);
  CHECK_FALSE(unread.finish());
}

TEST_CASE("bytes that can't be unpacked are an error, and the next answer begins anew") {
  UnreadText unread;
  unread.begin("gzip");
  unread.append("not compressed", at(1));
  CHECK_FALSE(unread.ready());
  CHECK(unread.error().code == ErrorCode::kDecompression);
  CHECK_FALSE(unread.ready());
  unread.begin("");
  CHECK_FALSE(unread.error());
  unread.append("plain", at(2));
  CHECK(unread.ready());
  CHECK(unread.front() == "plain");
}

}  // namespace perigee::http
