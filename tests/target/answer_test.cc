#include "target/answer.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

std::string head(const Answer& answer, const Framing& framing = {}) {
  std::string out;
  append_head(out, answer, framing);
  return out;
}

TEST_CASE("the head of an answer says what comes and how much of it") {
  CHECK(head(json_answer(200, "{}")) ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n");
  CHECK(head({}) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("an answer that may have no body promises none") {
  Answer answer;
  answer.status = 204;
  CHECK(head(answer) == "HTTP/1.1 204 No Content\r\n\r\n");
  answer.status = 304;
  CHECK(head(answer) == "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST_CASE("the client is told when the connection closes, and an old one when it does not") {
  CHECK(head({}, {.close = true}) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  CHECK(head({}, {.http10 = true}) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("an error is JSON that says what is wrong") {
  const Answer answer = error_answer(400, "the \"name\"");
  CHECK(answer.status == 400);
  CHECK(answer.text == R"({"error":"the \"name\""})");
}

}  // namespace
}  // namespace perigee
