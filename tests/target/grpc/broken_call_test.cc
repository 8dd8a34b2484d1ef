#include <doctest/doctest.h>

#include "target/grpc/test_fields.h"
#include "tests/target/grpc/grpc_fixture.h"

namespace perigee {
namespace {

using namespace test_fields;

// As test.proto numbers them.
enum Way : uint64_t {
  kReset,
  kClose,
  kGoAway,
  kCutMessage,
  kNoStatus,
  kBadStatus,
  kWrongContentType,
  kHttpStatus,
  kUnknownEncoding,
  kNoEncoding,
  kBadFlag,
  kOversized,
  kNotProtobuf,
  kHang,
};

std::string request(uint64_t way, uint64_t messages = 0, uint64_t http_status = 0) {
  std::string out;
  protobuf::WireWriter writer(out);
  writer.uint_field(kBreakWay, way);
  writer.uint_field(kBreakMessages, messages);
  writer.uint_field(kBreakHttpStatus, http_status);
  return out;
}

const std::string kBreak = "/perigee.test.Test/Break";
const std::string kBreakStream = "/perigee.test.Test/BreakStream";

struct Fixture : GrpcFixture {
  Http2Stream& begin(uint64_t way, uint64_t messages = 0) {
    Http2Stream& stream = client.open(kBreakStream);
    stream.send(GrpcClient::frame(request(way, messages)));
    stream.end();
    return stream;
  }
  // The stream's bytes at its end.
  std::string body(uint64_t way) {
    Http2Stream& stream = begin(way);
    client.http.finish(stream);
    return stream.body;
  }
};

TEST_CASE("a call is reset behind its messages") {
  Fixture target;
  const GrpcAnswer answer = target.client.finish(target.begin(kReset, 2));
  CHECK(answer.messages.size() == 2);
  CHECK(answer.code == -1);
  CHECK(answer.http2_code == http2::ErrorCode::kInternalError);
  CHECK(target.call(kBreak, request(kReset)).http_status == 0);
  CHECK(target.counts(2)["dropped"] == 2);
}

TEST_CASE("the connection is closed behind a call's messages, with all calls on it") {
  Fixture target;
  Http2Stream& hanging = target.begin(kHang, 1);
  target.client.await(hanging, 1);
  Http2Stream& closing = target.begin(kClose, 2);
  target.client.http.run_until([] { return false; });
  CHECK(target.client.http.closed());
  CHECK(GrpcClient::answer(closing).messages.size() == 2);
  CHECK(!closing.over());
  CHECK(!hanging.over());
  CHECK(target.counts(2)["dropped"] == 2);
}

TEST_CASE("GOAWAY leaves the calls in flight to their end") {
  Fixture target;
  Http2Stream& hanging = target.begin(kHang);
  const GrpcAnswer answer = target.client.finish(target.begin(kGoAway, 1));
  CHECK(target.client.http.going_away());
  CHECK(answer.code == 0);
  CHECK(!hanging.over());
  CHECK(!target.client.http.closed());
  hanging.reset(http2::ErrorCode::kCancel);
  target.client.http.run_until([] { return false; });
  CHECK(target.client.http.closed());
}

TEST_CASE("GOAWAY names the calls that have come along with the one that is to break") {
  Fixture target;
  Http2Stream& breaking = target.begin(kGoAway, 1);
  Http2Stream& beside = target.begin(kNoStatus, 1);
  CHECK(target.client.finish(breaking).code == 0);
  CHECK(target.client.finish(beside).messages.size() == 1);
  CHECK(beside.code == http2::ErrorCode::kNoError);
  CHECK(target.counts(2)["answered"] == 1);
}

TEST_CASE("a response ends in a message, or without a status that is one") {
  Fixture target;
  CHECK(target.body(kCutMessage) == std::string("\0\0\0\0\x09half", 9));
  const GrpcAnswer none = target.call(kBreak, request(kNoStatus, 1));
  CHECK(none.code == -1);
  CHECK(none.messages.size() == 1);
  CHECK(none.trailers.empty());
  Http2Stream& bad = target.begin(kBadStatus);
  target.client.http.finish(bad);
  CHECK(bad.trailers.at("grpc-status") == "none");
}

TEST_CASE("what answers is no gRPC") {
  Fixture target;
  Http2Stream& page = target.begin(kWrongContentType);
  target.client.http.finish(page);
  CHECK(page.status == 200);
  CHECK(page.head.at("content-type") == "text/html");
  CHECK(page.body == "<html>not gRPC</html>");
  CHECK(target.call(kBreak, request(kHttpStatus)).http_status == 503);
  CHECK(target.call(kBreak, request(kHttpStatus, 0, 404)).http_status == 404);
  CHECK(target.counts(3)["dropped"] == 3);
}

TEST_CASE("messages are packed as nobody can read, or are none") {
  Fixture target;
  const GrpcAnswer unknown = target.call(kBreak, request(kUnknownEncoding));
  CHECK(unknown.head.at("grpc-encoding") == "snappy");
  CHECK(unknown.compressed);
  const GrpcAnswer no_encoding = target.call(kBreak, request(kNoEncoding));
  CHECK(no_encoding.compressed);
  CHECK(!no_encoding.head.contains("grpc-encoding"));
  CHECK(target.body(kBadFlag)[0] == 7);
  CHECK(target.body(kOversized).substr(1, 4) == "\x7f\xff\xff\xff");
  CHECK(target.call(kBreak, request(kNotProtobuf)).only() == "\xff\xff\xff\xff");
}

TEST_CASE("a call that is to break sends no more messages than there may be") {
  Fixture target;
  CHECK(target.call(kBreakStream, request(kNoStatus, UINT64_MAX)).messages.size() == 10'000);
}

TEST_CASE("a way or status that there is not is refused") {
  Fixture target;
  CHECK(target.call(kBreak, request(99)).message == "there is no way 99 to break a call");
  CHECK(target.call(kBreak, request(kHttpStatus, 0, 100)).code == 3);
}

}  // namespace
}  // namespace perigee
