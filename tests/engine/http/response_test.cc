#include "engine/http/response.h"

#include <doctest/doctest.h>

#include "engine/http/reason_phrase.h"

namespace perigee::http {
namespace {

struct Collector : ResponseCollector {
  int ends = 0;
  Response& response() { return response_; }
  void on_response(Response&) override { ++ends; }
};

TEST_CASE("a collector puts a response together") {
  Collector collector;
  collector.begin(true);
  collector.on_head({.status = 404,
                     .reason = "Not Found",
                     .fields = "A: b\r\n",
                     .version = HttpVersion::kHttp10});
  collector.on_body("hel", {});
  collector.on_body("lo", {});
  collector.on_end({});
  CHECK(collector.ends == 1);
  CHECK(collector.response().status == 404);
  CHECK(collector.response().reason == "Not Found");
  CHECK(collector.response().fields == "A: b\r\n");
  CHECK(collector.response().version == HttpVersion::kHttp10);
  CHECK(collector.response().body == "hello");
}

TEST_CASE("a body that is not kept is counted") {
  Collector collector;
  collector.begin(false);
  collector.on_head({.status = 200});
  collector.on_body("hello", {});
  collector.on_end({});
  CHECK(collector.response().body.empty());
  CHECK(collector.response().body_size == 5);
  CHECK(collector.response().status == 200);
}

TEST_CASE("a kept body above the limit makes the request fail") {
  Collector collector;
  collector.begin(true, 4);
  collector.on_head({.status = 200});
  collector.on_body("1234", {});
  collector.on_body("5", {});
  collector.on_end({});
  CHECK(collector.response().status == 0);
  CHECK(collector.response().body == "1234");
  CHECK(collector.response().outcome.error.text == "the body is larger than 4 bytes");
  CHECK(collector.response().outcome.error.code == ErrorCode::kGeneric);
}

TEST_CASE("the limit does not hold for a body that is not kept") {
  Collector collector;
  collector.begin(false, 4);
  collector.on_head({.status = 200});
  collector.on_body("12345", {});
  collector.on_end({});
  CHECK(collector.response().status == 200);
}

TEST_CASE("an answer that broke off has no status") {
  Collector collector;
  collector.begin(true);
  collector.on_head({.status = 200});
  Outcome outcome;
  outcome.error = {ErrorCode::kGeneric, "unexpected EOF"};
  collector.on_end(outcome);
  CHECK(collector.response().status == 0);
  CHECK(collector.response().outcome.error.text == "unexpected EOF");
}

TEST_CASE("a collector forgets one response before the next, and keeps its memory") {
  Collector collector;
  collector.begin(true);
  collector.on_head({.status = 500, .reason = "no", .fields = "A: b\r\n"});
  collector.on_body(std::string(1000, 'x'), {});
  Outcome outcome;
  outcome.error = {ErrorCode::kReset, "read: connection reset by peer"};
  collector.on_end(outcome);
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
  Collector collector;
  collector.begin(true);
  collector.on_body(std::string(1'000'000, 'x'), {});
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
