// What a server makes of the messages of a call: packed, too long, or none.
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/http/body_decoder.h"
#include "tests/engine/grpc/server/server_call_fixture.h"

namespace perigee::grpc {
namespace {

std::string packed(std::string_view text, http::ContentCoding coding) {
  return http::encode_body({&coding, 1}, text);
}

TEST_CASE("a message is unpacked as grpc-encoding says, and the response packed alike") {
  const std::string text(500, 'x');
  for (const auto coding : {http::ContentCoding::kGzip, http::ContentCoding::kDeflate}) {
    Served served;
    const GrpcAnswer answer =
        served.call_bytes(kOne, GrpcClient::frame(packed(text, coding), true),
                          {{"grpc-encoding", std::string(http::name_of(coding))}});
    CHECK(answer.head.at("grpc-encoding") == http::name_of(coding));
    CHECK(answer.compressed);
    std::string unpacked = answer.only();
    CHECK(unpacked.size() < 100);
    http::BodyDecoder().decode(http::name_of(coding), unpacked);
    CHECK(unpacked == text);
  }
}

TEST_CASE("a message may be sent as it is, whatever grpc-encoding says") {
  Served served;
  const GrpcAnswer answer = served.call(kMany, "plain", {{"grpc-encoding", "gzip"}});
  CHECK(answer.code == 0);
  CHECK(answer.messages.size() == 2);
  CHECK(served.call(kOne, "plain", {{"grpc-encoding", "identity"}}).only() == "plain");
}

TEST_CASE("an unknown encoding is refused with those that are known") {
  Served served;
  const GrpcAnswer answer = served.call(kOne, "x", {{"grpc-encoding", "snappy"}});
  CHECK(answer.code == 12);
  CHECK(answer.message == "unknown grpc-encoding \"snappy\"; the server takes gzip,deflate");
  CHECK(answer.trailers.at("grpc-accept-encoding") == "gzip,deflate");
}

TEST_CASE("what is no message is refused as internal") {
  struct Case {
    std::string bytes, message;
    Http2Stream::Fields fields{};
  };
  const std::array<Case, 5> cases{{
      {GrpcClient::frame("x", true), "a message is compressed, but no grpc-encoding says how"},
      {GrpcClient::frame("x", true),
       "a message can't be unpacked (gzip): unexpected end of the data",
       {{"grpc-encoding", "gzip"}}},
      {std::string("\7\0\0\0\1x", 6), "a message begins with neither 0 nor 1"},
      {GrpcClient::frame("text").substr(0, 7), "the request ends in a message"},
      {"", "the request has no message"},
  }};
  for (const Case& one : cases) {
    Served served;
    const GrpcAnswer answer = served.call_bytes(kOne, one.bytes, one.fields);
    CHECK(answer.code == 13);
    CHECK(answer.message == one.message);
    CHECK(served.counts().log == "call(0) finished(13) ");
  }
}

TEST_CASE("a message above the limit is refused by what it announces, or unpacks to") {
  Served served;
  CHECK(served.call(kOne, std::string(kMaxMessage, 'x')).code == 0);
  served.run_beside([](GrpcClient& client) {
    Http2Stream& stream = client.open(kOne);
    stream.send(std::string("\0\0\0\x03\xe9", 5));  // and nothing more: 1001 bytes
    const GrpcAnswer answer = client.finish(stream);
    CHECK(answer.code == 8);
    CHECK(answer.message == "the message has 1001 bytes; the server takes 1000 at most");
  });
  const std::string bomb = packed(std::string(100'000, 'x'), http::ContentCoding::kGzip);
  const GrpcAnswer answer =
      served.call_bytes(kOne, GrpcClient::frame(bomb, true), {{"grpc-encoding", "gzip"}});
  CHECK(answer.code == 8);
  CHECK(answer.message == "a message unpacks to more than 1000 bytes");
}

}  // namespace
}  // namespace perigee::grpc
