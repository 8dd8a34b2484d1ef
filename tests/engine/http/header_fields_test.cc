#include "engine/http/header_fields.h"

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

TEST_CASE("a header block is read field by field") {
  HeaderFields fields("Server: x\r\nSet-Cookie:a=1 \r\nno field\r\nset-cookie: b=2\r\n");
  auto field = fields.next();
  REQUIRE(field);
  CHECK(field->name == "Server");
  CHECK(field->value == "x");
  CHECK(fields.next("Set-Cookie") == "a=1");
  CHECK(fields.next("Set-Cookie") == "b=2");
  CHECK_FALSE(fields.next());
}

TEST_CASE("a header is found in any case of its letters, or not at all") {
  CHECK(find_field("Location: /a\r\nlocation: /b\r\n", "LOCATION") == "/a");
  CHECK(find_field("Location:\r\n", "location") == "");
  CHECK_FALSE(find_field("X-Location: /a\r\n", "location"));
  CHECK_FALSE(find_field("", "location"));
}

TEST_CASE("names are compared without the case of their letters") {
  CHECK(same_ignoring_case("Content-Type", "content-TYPE"));
  CHECK_FALSE(same_ignoring_case("content-type", "content-types"));
  CHECK_FALSE(same_ignoring_case("[", "{"));
}

TEST_CASE("the lines of one list are joined, whatever the case of their names") {
  const std::string_view block = "A: 1\r\nList: x, y\r\nB: 2\r\nlist:z\r\nLIST: \r\n";
  CHECK(joined_fields(block, "list") == "x, y, z");
  CHECK(joined_fields(block, "a") == "1");
  CHECK(joined_fields(block, "none").empty());
}

}  // namespace
}  // namespace perigee::http
