// Compressed request bodies, over the wire.
#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/support/coded_body.h"
#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr std::string_view kFlower =
    R"({"inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]})";
constexpr const char* kInfer = "/v2/models/iris/infer";

// Sends the body with these values of Content-Encoding, a header line each.
RawAnswer post_coded(const TargetFixture& target, std::string_view path, std::string_view body,
                     std::initializer_list<std::string_view> codings) {
  std::string fields;
  for (const std::string_view coding : codings)
    fields.append("Content-Encoding: ").append(coding).append("\r\n");
  return target.connect().post(path, body, fields);
}

std::string error_of(const RawAnswer& response) {
  return json::parse(response.body).at("error").get<std::string>();
}

}  // namespace

TEST_CASE_FIXTURE(TargetFixture, "a body in gzip or deflate is unpacked, whatever route reads it") {
  for (const char* coding : {"gzip", "x-gzip", "GZIP", "deflate", "identity"}) {
    CAPTURE(coding);
    const std::string_view applied = std::string_view(coding) == "GZIP" ? "gzip" : coding;
    const auto packed = [&](std::string_view body) {
      return applied == "identity" ? std::string(body) : encoded(applied, body);
    };
    CHECK(post_coded(*this, kInfer, packed(kFlower), {coding}).status == 200);
    CHECK(post_coded(*this, "/v2/repository/index", packed("{}"), {coding}).status == 200);
    const RawAnswer completion = post_coded(
        *this, "/v1/completions",
        packed(R"({"model":"m","prompt":"a b c","max_tokens":1,"first_token":"0ms"})"), {coding});
    CHECK(json::parse(completion.body)["usage"]["prompt_tokens"] == 3);
  }
}

TEST_CASE_FIXTURE(TargetFixture, "deflate without zlib's header is unpacked, too") {
  const std::string wrapped = encoded("deflate", kFlower);
  // Two bytes of header, four of checksum.
  CHECK(post_coded(*this, kInfer, wrapped.substr(2, wrapped.size() - 6), {"deflate"}).status ==
        200);
}

TEST_CASE_FIXTURE(TargetFixture, "codings on top of each other are taken off in their order") {
  const std::string both = encoded("gzip, deflate", kFlower);
  CHECK(post_coded(*this, kInfer, both, {"gzip, identity, deflate"}).status == 200);
  CHECK(post_coded(*this, kInfer, both, {"gzip", "deflate"}).status == 200);
  CHECK(post_coded(*this, kInfer, both, {"deflate, gzip"}).status == 400);
}

TEST_CASE_FIXTURE(TargetFixture, "another coding is refused with those that are accepted") {
  for (const char* coding : {"br", "zstd", "compress", "gzip, br"}) {
    CAPTURE(coding);
    const RawAnswer response = post_coded(*this, kInfer, kFlower, {coding});
    CHECK(response.status == 415);
    CHECK(response.headers.at("accept-encoding") == "gzip, deflate");
    CHECK(response.headers.at("content-type") == "application/json");
  }
  CHECK(error_of(post_coded(*this, kInfer, kFlower, {"br"})) ==
        "Content-Encoding \"br\" is not supported; send gzip, deflate or none");
  const RawAnswer openai = post_coded(*this, "/v1/completions", "{}", {"br"});
  CHECK(openai.status == 415);
  CHECK(json::parse(openai.body)["error"]["type"] == "invalid_request_error");
}

TEST_CASE_FIXTURE(TargetFixture, "a body that is not what its header says is refused with why") {
  CHECK(error_of(post_coded(*this, kInfer, kFlower, {"gzip"})) ==
        "the body is not gzip, as its Content-Encoding header says: incorrect header check");
  const std::string whole = encoded("gzip", kFlower);
  CHECK(error_of(post_coded(*this, kInfer, whole.substr(0, whole.size() - 9), {"gzip"})) ==
        "the body is not gzip, as its Content-Encoding header says: unexpected end of the data");
  CHECK(post_coded(*this, kInfer, whole + "rubbish", {"gzip"}).status == 400);
}

TEST_CASE_FIXTURE(TargetFixture, "a small body that unpacks to too much is refused") {
  const std::string bomb = encoded("gzip, gzip", std::string(limits::kRequestBody + 1, ' '));
  REQUIRE(bomb.size() < 2000);
  const RawAnswer response = post_coded(*this, kInfer, bomb, {"gzip, gzip"});
  CHECK(response.status == 413);
  CHECK(error_of(response) == "the body is too large: unpacked it has more than 67108864 bytes");
  const std::string many = "gzip,gzip,gzip,gzip,gzip,gzip,gzip,gzip,gzip";
  CHECK(post_coded(*this, kInfer, kFlower, {many}).status == 415);
  CHECK(get("/health").status == 200);
}

TEST_CASE_FIXTURE(TargetFixture, "a request without a body has nothing to be unpacked") {
  CHECK(post_coded(*this, "/v2/repository/index", "", {"gzip"}).status == 200);
  RawClient client(port());
  client.send("GET /v1/models HTTP/1.1\r\nHost: a\r\nContent-Encoding: br\r\n\r\n");
  CHECK(client.read_answer().status == 200);
}

TEST_CASE_FIXTURE(TargetFixture, "the routes for tests tell a compressed body as it came") {
  const json echo = json::parse(post_coded(*this, "/echo", "as it is", {"gzip"}).body);
  CHECK(echo["body"] == "as it is");
}

}  // namespace perigee
