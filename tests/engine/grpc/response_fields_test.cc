#include "engine/grpc/response_fields.h"

#include <doctest/doctest.h>

namespace perigee::grpc {
namespace {

TEST_CASE("what gRPC reads of a block is found in any order, beside anything else") {
  const ResponseFields head = read_response_fields(
      "date: now\r\ngrpc-encoding: gzip\r\nx: \r\ncontent-type: application/grpc+proto\r\n");
  CHECK(head.encoding == "gzip");
  CHECK(head.content_type == "application/grpc+proto");
  CHECK(!head.status);
  const ResponseFields trailers = read_response_fields(
      "grpc-status-details-bin: AA\r\ngrpc-message: a: b%20c\r\ngrpc-status: 5\r\n");
  CHECK(trailers.status == "5");
  CHECK(trailers.message == "a: b%20c");
  CHECK(trailers.details == "AA");
}

TEST_CASE("of a field that comes twice the first counts, also where it is empty") {
  const ResponseFields fields = read_response_fields(
      "grpc-status: 0\r\ngrpc-status: 5\r\ngrpc-message: \r\ngrpc-message: late\r\n");
  CHECK(fields.status == "0");
  CHECK(fields.message.empty());
}

TEST_CASE("a block without fields has none") {
  const ResponseFields fields = read_response_fields("");
  CHECK(!fields.status);
  CHECK(fields.content_type.empty());
}

}  // namespace
}  // namespace perigee::grpc
