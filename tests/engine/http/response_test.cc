#include "engine/http/response.h"

#include <doctest/doctest.h>

#include "engine/http/reason_phrase.h"

namespace perigee::http {
namespace {

TEST_CASE("a collector puts a response together") {
  ResponseCollector collector;
  collector.begin(true);
  collector.add_head({.status = 404,
                      .reason = "Not Found",
                      .fields = "A: b\r\n",
                      .version = HttpVersion::kHttp10});
  collector.add_body("hel");
  collector.add_body("lo");
  collector.end({});
  CHECK(collector.response().status == 404);
  CHECK(collector.response().reason == "Not Found");
  CHECK(collector.response().fields == "A: b\r\n");
  CHECK(collector.response().version == HttpVersion::kHttp10);
  CHECK(collector.response().body == "hello");
}

TEST_CASE("a body that is not kept is counted") {
  ResponseCollector collector;
  collector.begin(false);
  collector.add_head({.status = 200});
  collector.add_body("hello");
  collector.end({});
  CHECK(collector.response().body.empty());
  CHECK(collector.response().body_size == 5);
  CHECK(collector.response().status == 200);
}

TEST_CASE("a kept body above the limit makes the request fail") {
  ResponseCollector collector;
  collector.begin(true, 4);
  collector.add_head({.status = 200});
  collector.add_body("1234");
  collector.add_body("5");
  collector.end({});
  CHECK(collector.response().status == 0);
  CHECK(collector.response().body == "1234");
  CHECK(collector.response().outcome.error.text == "the body is larger than 4 bytes");
  CHECK(collector.response().outcome.error.code == ErrorCode::kGeneric);
}

TEST_CASE("the limit does not hold for a body that is not kept") {
  ResponseCollector collector;
  collector.begin(false, 4);
  collector.add_head({.status = 200});
  collector.add_body("12345");
  collector.end({});
  CHECK(collector.response().status == 200);
}

TEST_CASE("an answer that broke off has no status") {
  ResponseCollector collector;
  collector.begin(true);
  collector.add_head({.status = 200});
  Outcome outcome;
  outcome.error = {ErrorCode::kGeneric, "unexpected EOF"};
  collector.end(outcome);
  CHECK(collector.response().status == 0);
  CHECK(collector.response().outcome.error.text == "unexpected EOF");
}

TEST_CASE("a collector forgets one response before the next, and keeps its memory") {
  ResponseCollector collector;
  collector.begin(true);
  collector.add_head({.status = 500, .reason = "no", .fields = "A: b\r\n"});
  collector.add_body(std::string(1000, 'x'));
  Outcome outcome;
  outcome.error = {ErrorCode::kReset, "read: connection reset by peer"};
  collector.end(outcome);
  const char* memory = collector.response().body.data();

  collector.begin(true);
  CHECK(collector.response().status == 0);
  CHECK(collector.response().reason.empty());
  CHECK(collector.response().fields.empty());
  CHECK(collector.response().body.empty());
  CHECK(collector.response().body_size == 0);
  CHECK_FALSE(collector.response().outcome.error);
  CHECK(collector.response().body.data() == memory);
}

TEST_CASE("the memory of a rare large body is given back") {
  ResponseCollector collector;
  collector.begin(true);
  collector.add_body(std::string(1'000'000, 'x'));
  collector.begin(true);
  CHECK(collector.response().body.capacity() < 1000);
}

TEST_CASE("a status has the words that people know from k6") {
  CHECK(reason_phrase(200) == "OK");
  CHECK(reason_phrase(404) == "Not Found");
  CHECK(reason_phrase(511) == "Network Authentication Required");
  CHECK(reason_phrase(299) == "");
}

TEST_CASE("a version has the name that people know from k6") {
  CHECK(version_name(HttpVersion::kHttp10) == "HTTP/1.0");
  CHECK(version_name(HttpVersion::kHttp11) == "HTTP/1.1");
  CHECK(version_name(HttpVersion::kHttp2) == "HTTP/2.0");
}

}  // namespace
}  // namespace perigee::http
