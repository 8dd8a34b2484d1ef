#include "engine/export/prometheus/aws_signature.h"

#include <string>

#include <doctest/doctest.h>

namespace perigee::exports {
namespace {

// The key and the time of Amazon's test suite for Signature Version 4.
const AwsKey kKey{.region = "us-east-1",
                  .service = "service",
                  .access_key = "AKIDEXAMPLE",
                  .secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
constexpr std::string_view kTime = "20150830T123600Z";

std::string signature_of(AwsRequest request) {
  request.headers.emplace_back("Host", "example.amazonaws.com");
  request.headers.emplace_back("X-Amz-Date", kTime);
  const std::string value = aws_authorization(kKey, request, kTime);
  return value.substr(value.rfind('=') + 1);
}

}  // namespace

TEST_CASE("signatures are those of Amazon's published test suite") {
  CHECK(signature_of({.method = "GET", .target = "/", .headers = {}, .body = ""}) ==
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  CHECK(signature_of({.method = "POST", .target = "/", .headers = {}, .body = ""}) ==
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  CHECK(signature_of({.method = "GET",
                      .target = "/?Param2=value2&Param1=value1",
                      .headers = {},
                      .body = ""}) ==
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  CHECK(signature_of({.method = "POST",
                      .target = "/",
                      .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                      .body = "Param1=value1"}) ==
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
}

TEST_CASE("requests to S3 are signed as Amazon's documentation of S3 shows") {
  const AwsKey key{.region = "us-east-1",
                   .service = "s3",
                   .access_key = "AKIAIOSFODNN7EXAMPLE",
                   .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
  constexpr std::string_view kThatDay = "20130524T000000Z";
  const auto signature = [&](AwsRequest request, std::string_view hash) {
    request.headers.emplace_back("Host", "examplebucket.s3.amazonaws.com");
    request.headers.emplace_back("x-amz-date", kThatDay);
    request.headers.emplace_back("x-amz-content-sha256", hash);
    request.body_hash = hash;
    const std::string value = aws_authorization(key, request, kThatDay);
    return value.substr(value.rfind('=') + 1);
  };
  constexpr std::string_view kNothing =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  CHECK(
      signature(
          {.method = "GET", .target = "/test.txt", .headers = {{"Range", "bytes=0-9"}}, .body = ""},
          kNothing) == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  for (const std::string_view target : {"/test$file.text", "/test%24file.text"}) {
    CHECK(signature({.method = "PUT",
                     .target = target,
                     .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                                 {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                     .body = ""},
                    "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072") ==
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  }
  CHECK(signature({.method = "GET", .target = "/?lifecycle", .headers = {}, .body = ""},
                  kNothing) == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  CHECK(signature({.method = "GET", .target = "/?max-keys=2&prefix=J", .headers = {}, .body = ""},
                  kNothing) == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("the header names key, scope and what is signed") {
  const std::string value = aws_authorization(kKey,
                                              {.method = "POST",
                                               .target = "/",
                                               .headers = {{"X-Amz-Date", "x"}, {"Host", "h"}},
                                               .body = ""},
                                              kTime);
  CHECK(value.starts_with(
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
      "SignedHeaders=host;x-amz-date, Signature="));
}

TEST_CASE("a time is UTC to the second") {
  CHECK(aws_time(WallTime(std::chrono::seconds(1'440'938'160))) == kTime);
}

}  // namespace perigee::exports
