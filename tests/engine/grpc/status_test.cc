#include "engine/grpc/status.h"

#include <doctest/doctest.h>

namespace perigee::grpc {
namespace {

TEST_CASE("codes have the names of the specification") {
  CHECK(code_name(Code::kOk) == "OK");
  CHECK(code_name(Code::kUnauthenticated) == "UNAUTHENTICATED");
  CHECK(code_name(Code{17}) == "17");
}

TEST_CASE("grpc-status is a number") {
  CHECK(parse_code("0") == Code::kOk);
  CHECK(parse_code("14") == Code::kUnavailable);
  CHECK(parse_code("99") == Code{99});
  CHECK_FALSE(parse_code(""));
  CHECK_FALSE(parse_code("-1"));
  CHECK_FALSE(parse_code("OK"));
  CHECK_FALSE(parse_code("0 "));
}

TEST_CASE("messages are percent-encoded in upper case, and come back") {
  CHECK(encode_message("100 % \xC3\xA9\n") == "100 %25 %C3%A9%0A");
  CHECK(decode_message("100 %25 %C3%A9%0A") == "100 % \xC3\xA9\n");
  CHECK(decode_message("%c3%a9") == "\xC3\xA9");
}

TEST_CASE("what is not percent-encoded in order stays as it is") {
  CHECK(decode_message("50%") == "50%");
  CHECK(decode_message("%4") == "%4");
  CHECK(decode_message("%zz!") == "%zz!");
}

TEST_CASE("HTTP statuses and codes of HTTP/2 stand for codes of gRPC") {
  CHECK(code_of_http_status(404) == Code::kUnimplemented);
  CHECK(code_of_http_status(503) == Code::kUnavailable);
  CHECK(code_of_http_status(200) == Code::kUnknown);
  CHECK(code_of_http2(http2::ErrorCode::kRefusedStream) == Code::kUnavailable);
  CHECK(code_of_http2(http2::ErrorCode::kEnhanceYourCalm) == Code::kResourceExhausted);
  CHECK(code_of_http2(http2::ErrorCode::kCancel) == Code::kCancelled);
  CHECK(code_of_http2(http2::ErrorCode{99}) == Code::kUnknown);
}

}  // namespace
}  // namespace perigee::grpc
