#include <chrono>

#include <doctest/doctest.h>

#include "target/grpc/test_fields.h"
#include "tests/target/grpc/grpc_fixture.h"

namespace perigee {
namespace {

using namespace test_fields;
using protobuf::WireWriter;

const std::string kTest = "/perigee.test.Test/";

std::string number(uint32_t field, uint64_t value) {
  std::string out;
  WireWriter(out).uint_field(field, value);
  return out;
}
std::string text(uint32_t field, std::string_view value) {
  std::string out;
  WireWriter(out).bytes_field(field, value);
  return out;
}

TEST_CASE("Echo sends back what it gets, and metadata where it is asked for them") {
  GrpcFixture target;
  const std::string sent = text(kEchoText, "hello") + text(kEchoPayload, "\1\2");
  const std::string plain = target.call(kTest + "Echo", sent, {{"x-mine", "7"}}).only();
  CHECK(plain == text(kEchoedText, "hello") + text(kEchoedPayload, "\1\2"));
  const std::string full =
      target.call(kTest + "Echo", sent + number(kEchoWithMetadata, 1), {{"x-mine", "7"}}).only();
  const std::string entry = text(kEntryKey, "x-mine") + text(kEntryValue, "7");
  const auto entries = fields_of(full, kEchoedMetadata);
  CHECK(std::find(entries.begin(), entries.end(), entry) != entries.end());
}

TEST_CASE("Echo waits as its request says, and its deadline is kept") {
  GrpcFixture target;
  const auto start = std::chrono::steady_clock::now();
  CHECK(target.call(kTest + "Echo", number(kEchoDelayMs, 20)).code == 0);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(20));
  CHECK(target.call(kTest + "Echo", number(kEchoDelayMs, 60'000), {{"grpc-timeout", "5m"}}).code ==
        4);
}

TEST_CASE("metadata of the interoperability tests come back in the head and the trailers") {
  GrpcFixture target;
  const Http2Stream::Fields fields{{"x-grpc-test-echo-initial", "first"},
                                   {"x-grpc-test-echo-trailing-bin", "q6ur"}};
  for (const char* method : {"Echo", "Count", "Sum", "Chat"}) {
    const GrpcAnswer answer = target.call(kTest + method, number(kCountMessages, 1), fields);
    CAPTURE(method);
    CHECK(answer.head.at("x-grpc-test-echo-initial") == "first");
    CHECK(answer.trailers.at("x-grpc-test-echo-trailing-bin") == "q6ur");
  }
}

TEST_CASE("Fail ends with the status of its request") {
  GrpcFixture target;
  const GrpcAnswer failed = target.call(
      kTest + "Fail", number(kFailCode, 9) + text(kFailMessage, "no") + text(kFailDetails, "\1"));
  CHECK(failed.code == 9);
  CHECK(failed.message == "no");
  CHECK(failed.trailers.at("grpc-status-details-bin") == "AQ");
  CHECK(target.call(kTest + "Fail", "").code == 2);
  const GrpcAnswer ok = target.call(kTest + "Fail", number(kFailCode, 0));
  CHECK(ok.code == 0);
  CHECK(ok.messages.empty());
  CHECK(target.call(kTest + "Fail", number(kFailCode, 77)).code == 77);
}

TEST_CASE("Hang answers nothing until the deadline") {
  GrpcFixture target;
  CHECK(target.call(kTest + "Hang", "", {{"grpc-timeout", "5m"}}).code == 4);
}

TEST_CASE("Count sends as many messages as it is asked for, of a size, then a status") {
  GrpcFixture target;
  const GrpcAnswer answer =
      target.call(kTest + "Count", number(kCountMessages, 3) + number(kCountSize, 10) +
                                       number(kCountIntervalMs, 1) + number(kCountCode, 11) +
                                       text(kCountMessage, "enough"));
  REQUIRE(answer.messages.size() == 3);
  CHECK(number_of(answer.messages[0], kCountedIndex) == 1);
  CHECK(number_of(answer.messages[2], kCountedIndex) == 3);
  CHECK(number_of(answer.messages[2], kCountedSentNs) >
        number_of(answer.messages[1], kCountedSentNs));
  CHECK(field_of(answer.messages[0], kCountedPayload).size() == 10);
  CHECK(answer.code == 11);
  CHECK(answer.message == "enough");
  CHECK(target.call(kTest + "Count", "").messages.empty());
}

TEST_CASE("Count sends large messages and many of them as the client's windows open") {
  GrpcFixture target;
  const GrpcAnswer answer =
      target.call(kTest + "Count", number(kCountMessages, 2000) + number(kCountSize, 10'000));
  CHECK(answer.messages.size() == 2000);
  CHECK(answer.code == 0);
}

TEST_CASE("an endless Count goes on until its client cancels, and holds up no other call") {
  GrpcFixture target;
  Http2Stream& endless = target.client.open(kTest + "Count");
  endless.send(GrpcClient::frame(number(kCountEndless, 1) + number(kCountIntervalMs, 1)));
  target.client.await(endless, 5);
  CHECK(target.call(kTest + "Echo", "").code == 0);
  CHECK(!endless.over());
  endless.reset(http2::ErrorCode::kCancel);
  target.client.http.flush();
  const auto counts = target.counts(2);
  CHECK(counts["dropped"] == 1);
  CHECK(counts["statuses"] == nlohmann::json{{"OK", 1}});
}

TEST_CASE("Sum adds what its client sends, and says so at the end") {
  GrpcFixture target;
  Http2Stream& stream = target.client.open(kTest + "Sum");
  for (const int64_t value : {5, -7, 100})
    stream.send(GrpcClient::frame(number(kSumValue, static_cast<uint64_t>(value))));
  stream.end();
  const GrpcAnswer answer = target.client.finish(stream);
  CHECK(number_of(answer.only(), kSum) == 98);
  CHECK(number_of(answer.only(), kSumMessages) == 3);
  CHECK(target.client.call_bytes(kTest + "Sum", "").only() ==
        number(kSum, 0) + number(kSumMessages, 0));
  CHECK(target.call(kTest + "Sum", "\x08\xff").code == 13);
}

TEST_CASE("Chat answers each message at once, and a client that does not read is not drowned") {
  GrpcFixture target;
  Http2Stream& stream = target.client.open(kTest + "Chat");
  for (size_t n = 1; n <= 3; ++n) {
    stream.send(GrpcClient::frame(text(kEchoText, std::string(n, 'x'))));
    target.client.await(stream, n);
  }
  stream.send(GrpcClient::frame(text(kEchoPayload, std::string(20 << 20, 'y'))));
  stream.end();
  const GrpcAnswer answer = target.client.finish(stream);
  REQUIRE(answer.messages.size() == 4);
  CHECK(answer.messages[1] == text(kEchoedText, "xx"));
  CHECK(field_of(answer.messages[3], kEchoedPayload).size() == 20 << 20);
  CHECK(answer.code == 0);
}

TEST_CASE("methods for tests fail with --error-rate, too") {
  TargetOptions options;
  options.behaviour.error_rate = 1;
  GrpcFixture target(options);
  for (const char* method : {"Echo", "Fail", "Hang", "Count", "Sum", "Chat", "Break"}) {
    CAPTURE(method);
    CHECK(target.call(kTest + method, "").code == 14);
  }
}

TEST_CASE("a message that is no protobuf is refused as internal") {
  GrpcFixture target;
  for (const char* method : {"Echo", "Fail", "Count", "Chat", "Break"}) {
    CAPTURE(method);
    CHECK(target.call(kTest + method, "\x0a\xff").code == 13);
  }
}

}  // namespace
}  // namespace perigee
