#include "engine/grpc/metadata.h"

#include <string>

#include <doctest/doctest.h>

namespace perigee::grpc {
namespace {

using namespace std::string_literals;

TEST_CASE("bytes go without padding, and come back with or without it") {
  CHECK(is_binary("trace-bin"));
  CHECK_FALSE(is_binary("trace"));
  CHECK(encode_binary("\0\1\2\3"s) == "AAECAw");
  CHECK(decode_binary("AAECAw") == "\0\1\2\3"s);
  CHECK(decode_binary("AAECAw==") == "\0\1\2\3"s);
  CHECK(decode_binary("") == "");
}

TEST_CASE("several values of bytes in one field stay apart") {
  CHECK(decode_binary("YQ,Yg==,") == "a,b,");
}

TEST_CASE("bytes that are no Base64 stay as they are") {
  CHECK(decode_binary("a!b") == "a!b");
}

TEST_CASE("metadata that can't be sent is refused with what would do") {
  CHECK(metadata_fault("x-id", "some text") == "");
  CHECK(metadata_fault("x-bin", " \0\xff"s) == "");
  CHECK(metadata_fault("x-id", "text ") ==
        "the value of \"x-id\" begins or ends with a blank, which HTTP/2 refuses");
  CHECK(metadata_fault("user-agent", "mine") == "");
  CHECK(metadata_fault("x id", "1") ==
        R"("x id" is no name of metadata: use letters, digits, "-", "_" and ".")");
  CHECK(metadata_fault("", "1").find("no name") != std::string::npos);
  CHECK(metadata_fault("grpc-timeout", "1S") ==
        R"("grpc-timeout" belongs to gRPC itself and can't be set)");
  CHECK(metadata_fault("content-type", "x").find("belongs to gRPC") != std::string::npos);
  CHECK(
      metadata_fault("x-name", "\xC3\xA9") ==
      R"(the value of "x-name" has bytes other than printable ASCII: call it "x-name-bin" to send bytes)");
}

}  // namespace
}  // namespace perigee::grpc
