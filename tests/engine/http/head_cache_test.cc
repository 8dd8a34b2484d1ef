#include "engine/http/head_cache.h"

#include <vector>

#include <doctest/doctest.h>

#include "tests/engine/http/url_fixture.h"

namespace perigee::http {
namespace {

struct CacheFixture {
  HeadCache cache;
  std::shared_ptr<const Url> url = std::make_shared<const Url>(url_of("http://h.test/x"));
  std::string out;

  // The head as the cache writes it, held against one that was written anew.
  std::string write(std::string_view method, const std::vector<Header>& headers) {
    Request request;
    request.url = url;
    request.method = method;
    request.headers = headers;
    const HeadSettings settings{.user_agent = "t"};
    const RequestHead cached = cache.write(out, request, settings);
    std::string anew;
    const RequestHead head = write_request_head(anew, request, settings);
    CHECK(cached.error == head.error);
    CHECK(cached.expects_no_body == head.expects_no_body);
    CHECK(cached.tells_length == head.tells_length);
    CHECK(cached.idempotent == head.idempotent);
    CHECK(cached.close == head.close);
    if (head.error.empty()) CHECK(out == anew);
    return out;
  }
};

TEST_CASE_FIXTURE(CacheFixture, "a head that repeats is the same each time") {
  for (int i = 0; i < 3; ++i) {
    CHECK(write("GET", {{"A", "1"}}) ==
          "GET /x HTTP/1.1\r\nHost: h.test\r\nA: 1\r\nUser-Agent: t\r\n");
  }
}

TEST_CASE_FIXTURE(CacheFixture, "whatever differs is seen") {
  const std::vector<std::vector<Header>> blocks{{},
                                                {{"A", "1"}},
                                                {{"A", "2"}},
                                                {{"B", "1"}},
                                                {{"A", "1"}, {"B", "1"}},
                                                {{"Connection", "close"}}};
  for (int round = 0; round < 3; ++round) {
    for (const auto* method : {"GET", "PUT", "HEAD", "POST"}) {
      for (const auto& headers : blocks)
        write(method, headers);
    }
    url = std::make_shared<const Url>(url_of("http://h.test/y" + std::to_string(round)));
  }
}

TEST_CASE_FIXTURE(CacheFixture, "values that change in place are seen") {
  std::string value = "first";
  const std::vector<Header> headers{{"A", value}};
  write("GET", headers);
  value = "other";
  CHECK(write("GET", headers).find("A: other\r\n") != std::string::npos);
}

TEST_CASE_FIXTURE(CacheFixture,
                  "heads that differ for long are right, and so is one that repeats then") {
  for (int i = 0; i < 200; ++i)
    write("GET", {{"Id", std::to_string(i)}});
  for (int i = 0; i < 200; ++i)
    write("GET", {{"Id", "same"}});
}

TEST_CASE_FIXTURE(CacheFixture, "a head that can't be sent is refused each time") {
  for (int i = 0; i < 3; ++i)
    write("GET", {{"A\n", "1"}});
  CHECK(write("GET", {}).starts_with("GET /x"));
}

}  // namespace
}  // namespace perigee::http
