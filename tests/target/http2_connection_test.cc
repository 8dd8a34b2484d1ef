#include <doctest/doctest.h>

#include "tests/support/http2_frames.h"
#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string head(uint32_t stream, const std::string& path, http2::Fields more = {},
                 uint8_t flags = http2::kEndHeaders | http2::kEndStream) {
  http2::Fields fields{
      {":method", "GET"}, {":scheme", "http"}, {":authority", "test"}, {":path", path}};
  fields.insert(fields.end(), more.begin(), more.end());
  return http2::headers(stream, fields, flags);
}

// What the target sends until it closes the connection.
std::vector<http2::Frame> answers_to(const TargetFixture& fixture, const std::string& frames) {
  RawClient client = fixture.connect();
  client.send(std::string(kPreface) + http2::settings() + frames);
  return http2::frames_of(client.read_to_end());
}

std::string body_of(const std::vector<http2::Frame>& frames, uint32_t stream) {
  std::string body;
  for (const http2::Frame& frame : frames) {
    if (frame.type == http2::kData && frame.stream == stream) body += frame.payload;
  }
  return body;
}

// The error code of the stream's reset; -1 if it was not reset.
int reset_code(const std::vector<http2::Frame>& frames, uint32_t stream) {
  for (const http2::Frame& frame : frames) {
    if (frame.type == http2::kRstStream && frame.stream == stream) return frame.payload.back();
  }
  return -1;
}

TEST_CASE("a request of HTTP/2 that waits holds up none that comes later") {
  const TargetFixture fixture;
  const auto frames =
      answers_to(fixture, head(1, "/hang") + head(3, "/bytes/5") + head(5, "/close/silently"));
  CHECK(body_of(frames, 1).empty());
  CHECK(body_of(frames, 3) == "abcde");
  CHECK(body_of(frames, 5) == "closing\n");
  const auto stats = fixture.stats();
  CHECK(stats["requests"] == 3);
  CHECK(stats["answered"] == 2);
  CHECK(stats["connections"] == 1);
}

TEST_CASE("what HTTP/1.1 does to a connection, HTTP/2 does to a stream") {
  const TargetFixture fixture;
  const auto frames =
      answers_to(fixture, head(1, "/half/10") + head(3, "/reset") + head(5, "/close"));
  CHECK(body_of(frames, 1) == "abcde");
  CHECK(reset_code(frames, 1) == http2::kInternalError);
  CHECK(body_of(frames, 3).empty());
  CHECK(reset_code(frames, 3) == http2::kInternalError);
  CHECK(body_of(frames, 5) == "closing\n");
  CHECK(reset_code(frames, 5) == -1);
}

TEST_CASE("a body that is announced too large is refused, and its sender told to stop") {
  const TargetFixture fixture;
  const http2::Fields length{{"content-length", "99999999999"}};
  const auto frames = answers_to(
      fixture, head(1, "/echo", length, http2::kEndHeaders) +
                   head(5, "/v1/completions", length, http2::kEndHeaders) + head(7, "/close"));
  CHECK(body_of(frames, 1) == R"({"error":"the body is too large"})");
  CHECK(body_of(frames, 5) ==
        R"({"error":{"message":"the body is too large","type":"invalid_request_error",)"
        R"("param":null,"code":null}})");
  CHECK(reset_code(frames, 1) == http2::kNoError);
}

TEST_CASE("the preface of HTTP/2 is known in whatever pieces it comes") {
  const TargetFixture fixture;
  RawClient client = fixture.connect();
  for (const char byte : kPreface)
    client.send(std::string(1, byte));
  client.send(http2::settings() + head(1, "/close"));
  CHECK(body_of(http2::frames_of(client.read_to_end()), 1) == "closing\n");
}

TEST_CASE("a request of HTTP/1.1 that begins like the preface of HTTP/2 is one") {
  const TargetFixture fixture;
  RawClient client = fixture.connect();
  client.send("P");
  client.send("OST /bytes/5 HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
  CHECK(client.read_answer().body == "abcde");
}

TEST_CASE("frames that HTTP/2 forbids end the connection and are counted") {
  const TargetFixture fixture;
  const auto frames = answers_to(fixture, http2::data(0, "no stream"));
  CHECK(frames.back().type == http2::kGoAway);
  CHECK(fixture.stats()["malformed"] == 1);
}

TEST_CASE("a head that HTTP/2 forbids ends its stream only and is counted") {
  const TargetFixture fixture;
  const auto frames =
      answers_to(fixture, head(1, "/bytes/5", {{"Upper-Case", "x"}}) + head(3, "/close"));
  CHECK(reset_code(frames, 1) == http2::kProtocolError);
  CHECK(body_of(frames, 3) == "closing\n");
  CHECK(fixture.stats()["malformed"] == 1);
  CHECK(fixture.stats()["requests"] == 1);
}

TEST_CASE("a completion is streamed over HTTP/2") {
  TargetOptions options;
  options.completion.first_token = {};
  options.completion.token_interval = {};
  const TargetFixture fixture(options);
  http2::Fields post{{":method", "POST"},
                     {":scheme", "http"},
                     {":authority", "test"},
                     {":path", "/v1/completions"}};
  const auto frames = answers_to(
      fixture, http2::headers(1, post) +
                   http2::data(1, R"({"model":"m","prompt":"x","stream":true,"max_tokens":3})") +
                   head(3, "/close"));
  const std::string body = body_of(frames, 1);
  CHECK(body.find("sent_ns") != std::string::npos);
  CHECK(body.ends_with("data: [DONE]\n\n"));
  CHECK(fixture.stats()["streams"] == 1);
}

TEST_CASE("trailers end a body over HTTP/2, and in chunks over HTTP/1.1") {
  const TargetFixture fixture;
  const auto frames = answers_to(fixture, head(1, "/trailers") + head(3, "/close"));
  CHECK(body_of(frames, 1) == "trailers follow\n");
  std::vector<int> flags;
  for (const http2::Frame& frame : frames) {
    if (frame.stream == 1 && frame.type == http2::kHeaders) flags.push_back(frame.flags);
  }
  CHECK(flags == std::vector<int>{http2::kEndHeaders, http2::kEndHeaders | http2::kEndStream});

  RawClient client = fixture.connect();
  client.send("GET /trailers HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  CHECK(client.read_to_end().ends_with(
      "10\r\ntrailers follow\n\r\n0\r\nX-Checksum: 7\r\nServer-Timing: total;dur=1\r\n\r\n"));
}

TEST_CASE("a client may reset as many streams as it likes") {
  const TargetFixture fixture;
  constexpr uint32_t kStreams = 3000;
  std::string frames;
  for (uint32_t i = 0; i < kStreams; ++i)
    frames += head(1 + 2 * i, "/hang") + http2::rst_stream(1 + 2 * i, 8);
  const auto answers = answers_to(fixture, frames + head(1 + 2 * kStreams, "/close"));
  CHECK(body_of(answers, 1 + 2 * kStreams) == "closing\n");
  CHECK(fixture.stats()["requests"] == kStreams + 1);
  CHECK(fixture.stats()["malformed"] == 0);
}

}  // namespace
}  // namespace perigee
