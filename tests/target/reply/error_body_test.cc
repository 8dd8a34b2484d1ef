// Errors over the wire, in the form of the API that was asked.
#include "target/reply/error_body.h"

#include <doctest/doctest.h>

#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

using nlohmann::json;

// The error object of OpenAI's API in a response of JSON.
json openai_error_of(const RawAnswer& response) {
  CHECK(response.headers.at("content-type") == "application/json");
  const json error = json::parse(response.body).at("error");
  REQUIRE(error.is_object());
  for (const char* member : {"message", "type", "param", "code"})
    CHECK(error.contains(member));
  return error;
}

RawAnswer exchange(const TargetFixture& target, const std::string& request) {
  RawClient client(target.port());
  client.send(request);
  return client.read_answer();
}

RawAnswer ask(const TargetFixture& target, const std::string& method, const std::string& path,
              const std::string& fields = "") {
  RawClient client(target.port());
  client.send(method + " " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  return method == "HEAD" ? client.read_head() : client.read_answer();
}

}  // namespace

TEST_CASE("the path of a request decides on the form of its error") {
  CHECK(error_for_path("/v2/models/m", 404, "no").text == R"({"error":"no"})");
  CHECK(error_for_path("/v10", 404, "no").text == R"({"error":"no"})");
  CHECK(error_for_path("", 404, "no").text == R"({"error":"no"})");
  CHECK(error_for_path("/v1/models/m", 404, "no").text ==
        R"({"error":{"message":"no","type":"invalid_request_error","param":null,"code":null}})");
  CHECK(error_for_path("/v1", 503, "no", {.param = "p", .code = "c"}).text ==
        R"({"error":{"message":"no","type":"server_error","param":"p","code":"c"}})");
}

TEST_CASE_FIXTURE(TargetFixture, "whatever is not there under /v1 is OpenAI's error") {
  for (const char* path : {"/v1", "/v1/", "/v1/embeddings", "/v1/chat", "/v1/models/a/b/c"}) {
    CAPTURE(path);
    const RawAnswer response = get(path);
    CHECK(response.status == 404);
    const json error = openai_error_of(response);
    CHECK(error["code"] == "unknown_url");
    CHECK(error["message"] == std::string("there is no route ") + path);
  }
  CHECK(json::parse(get("/v1x").body)["error"] == "there is no route /v1x");
}

TEST_CASE_FIXTURE(TargetFixture,
                  "a method that a route under /v1 does not take is OpenAI's error") {
  const RawAnswer response = get("/v1/chat/completions");
  CHECK(response.status == 405);
  CHECK(response.headers.at("allow") == "POST");
  CHECK(openai_error_of(response)["message"] ==
        "/v1/chat/completions does not take GET; it takes POST");
  CHECK(openai_error_of(post("/v1/models", "{}"))["code"] == "method_not_supported");
}

TEST_CASE_FIXTURE(TargetFixture, "what is refused before its body is read is OpenAI's error, too") {
  const RawAnswer large = ask(*this, "POST", "/v1/completions", "Content-Length: 100000000000\r\n");
  CHECK(large.status == 413);
  CHECK(openai_error_of(large)["message"] == "the body is too large");
  const RawAnswer nameless = exchange(*this, "POST /v1/completions HTTP/1.1\r\n\r\n");
  CHECK(nameless.status == 400);
  openai_error_of(nameless);
  const RawAnswer chunked = exchange(
      *this, "POST /v1/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n");
  CHECK(chunked.status == 400);
  openai_error_of(chunked);
}

TEST_CASE_FIXTURE(TargetFixture,
                  "an error without a request of its own has no form of a former one") {
  RawClient client(port());
  CHECK(client.get("/v1/models").status == 200);
  client.send("rubbish\r\n\r\n");
  CHECK(json::parse(client.read_answer().body)["error"].is_string());
}

TEST_CASE("a failure on purpose is a server's error") {
  TargetOptions options;
  options.behaviour.error_rate = 1;
  const TargetFixture target(options);
  const RawAnswer response = target.post("/v1/completions", "{}");
  CHECK(response.status == 503);
  CHECK(openai_error_of(response)["type"] == "server_error");
  CHECK(json::parse(target.post("/v2/models/iris/infer", "{}").body)["error"].is_string());
}

TEST_CASE_FIXTURE(TargetFixture, "OPTIONS tells of every route what it takes") {
  const RawAnswer completions = ask(*this, "OPTIONS", "/v1/chat/completions");
  CHECK(completions.status == 204);
  CHECK(completions.headers.at("allow") == "POST, OPTIONS");
  CHECK(ask(*this, "OPTIONS", "/v2/models/iris").headers.at("allow") == "GET, HEAD, OPTIONS");
  CHECK(ask(*this, "OPTIONS", "/stats").headers.at("allow") == "GET, HEAD, DELETE, OPTIONS");
  CHECK(ask(*this, "OPTIONS", "/ws/echo").headers.at("allow") == "GET, OPTIONS");
  CHECK(ask(*this, "OPTIONS", "/v1/nothing").status == 404);
  CHECK(json::parse(ask(*this, "OPTIONS", "/echo").body)["method"] == "OPTIONS");
}

TEST_CASE_FIXTURE(TargetFixture, "the response to HEAD is that to GET without its body") {
  for (const char* path : {"/health", "/v1/models", "/v1/models/none", "/v1/none", "/v2",
                           "/v2/models/iris", "/v1/completions", "/stats"}) {
    CAPTURE(path);
    RawClient client(port());
    client.send(std::string("HEAD ") + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    const RawAnswer head = client.read_head();
    CHECK(head.headers.at("content-type") == "application/json");
    const RawAnswer whole = client.get(path);
    CHECK(head.status == whole.status);
  }
  RawClient client(port());
  client.send("HEAD /v1/models HTTP/1.1\r\n\r\n");
  CHECK(client.read_to_end().ends_with("\r\n\r\n"));
}

}  // namespace perigee
