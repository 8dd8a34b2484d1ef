#include "target/json_reply.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("an error is JSON that says what is wrong") {
  const http::Reply reply = error_reply(400, "the \"name\"");
  CHECK(reply.status == 400);
  CHECK(reply.content_type == "application/json");
  CHECK(reply.text == R"({"error":"the \"name\""})");
}

}  // namespace
}  // namespace perigee
