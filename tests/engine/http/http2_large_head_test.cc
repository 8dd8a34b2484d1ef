// Heads of HTTP/2 that go on in CONTINUATION frames, and those that are too large.
#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "engine/http/http2/header_block.h"
#include "tests/engine/http/http2_fixture.h"

namespace perigee::http {
namespace {

constexpr size_t kFrame = 16 * 1024;
constexpr const char* kTooLarge =
    "malformed HTTP response: its head is larger than 128 KiB, as HTTP/2 packs it, or one of its "
    "fields than 64 KiB";
// The youngest entry of the table, after its 61 fixed ones.
constexpr char kYoungest = '\xbe';

// A field that enters the table of names and values.
std::string entering(const std::string& name, const std::string& value) {
  return '\x40' + http2::field_block({{name, value}}).substr(1);
}

std::string plain(const std::string& name, const std::string& value) {
  return http2::field_block({{name, value}});
}

std::string status(const std::string& value = "200") {
  return plain(":status", value);
}

// The block in frames of this size.
std::string in_frames(uint32_t stream, std::string_view block, size_t size = kFrame,
                      uint8_t flags = 0) {
  std::string frames;
  uint8_t type = http2::kHeaders;
  do {
    const std::string_view payload = block.substr(0, size);
    block.remove_prefix(payload.size());
    const uint8_t end = block.empty() ? http2::kEndHeaders : 0;
    frames += http2::frame(type, static_cast<uint8_t>(flags | end), stream, payload);
    type = http2::kContinuation;
    flags = 0;
  } while (!block.empty());
  return frames;
}

std::string response(uint32_t stream, const std::string& fields, const std::string& body) {
  return in_frames(stream, status() + fields) + http2::data(stream, body);
}

struct LargeHeadFixture : Http2Fixture {
  // Sends two requests over one connection, the first of which is answered by `bytes`, and then a
  // third, answered by a head with the fields `after`.
  void exchange(const std::string& bytes, const std::string& after) {
    RawServer server({{RawServer::send(http2::settings()), http2::await_request(2),
                       RawServer::send(bytes + response(3, "", "second")), http2::await_request(),
                       RawServer::send(response(5, after, "third")), RawServer::hang()}});
    const std::vector<Response> responses = send_all(request(server.url()), 2);
    first = responses[0];
    CHECK(responses[1].body == "second");
    third = get(server.url());
    CHECK(third.body == "third");
    CHECK(server.connections() == 1);
  }

  Response first;
  Response third;
};

TEST_CASE_FIXTURE(LargeHeadFixture, "a head in several frames is read, whatever their size") {
  std::string fields;
  for (int i = 0; i < 20; ++i)
    fields += plain("x-" + std::to_string(i), std::string(4'000, 'v'));
  fields += plain("x-large", std::string(http2::kMaxString / 2, 'v')) + entering("x-a", "1");
  const std::string block = status() + fields;
  std::string bytes;
  SUBCASE("full frames") {
    bytes = in_frames(1, block);
  }
  SUBCASE("small frames") {
    bytes = in_frames(1, block, 2'000);
  }
  SUBCASE("with padding and a priority") {
    const std::string padded =
        std::string("\x03", 1) + std::string(5, '\0') + block.substr(0, 100) + std::string(3, '\0');
    bytes = http2::frame(http2::kHeaders, 0x28, 1, padded) +
            in_frames(1, block.substr(100)).replace(3, 1, "\x09");
  }
  exchange(bytes + http2::data(1, "first"), std::string(1, kYoungest));
  CHECK(first.body == "first");
  CHECK(first.fields.size() > 100'000);
  CHECK(first.fields.ends_with("x-a: 1\r\n"));
  CHECK(third.fields == "x-a: 1\r\n");
}

TEST_CASE_FIXTURE(LargeHeadFixture, "a head that is too large fails its stream and no other") {
  const std::string large(http2::kMaxString + 1, 'v');
  std::string block;
  std::string end = http2::data(1, "body");
  uint8_t flags = 0;
  SUBCASE("by a field that enters no table") {
    block = status() + entering("x-a", "1") + plain("x-large", large);
  }
  SUBCASE("by a field that empties the table") {
    block = status() + entering("x-b", "2") + entering("x-large", large) + entering("x-a", "1");
  }
  SUBCASE("by a name") {
    block = status() + entering("x-a", "1") + plain(large, "v");
  }
  SUBCASE("without a body behind it") {
    block = status() + entering("x-a", "1") + plain("x-large", large);
    end.clear();
    flags = http2::kEndStream;
  }
  SUBCASE("before its status") {
    block = plain("x-large", large) + status() + entering("x-a", "1");
  }
  SUBCASE("by many fields") {
    block = status();
    for (size_t i = 0; i < 200; ++i)
      block += plain("x-" + std::to_string(i), std::string(1'000, 'v'));
    block += entering("x-a", "1");
  }
  SUBCASE("by many fields that enter the table") {
    block = status();
    for (size_t i = 0; i < 200; ++i)
      block += entering("x-" + std::to_string(i), std::string(1'000, 'v'));
    block += entering("x-a", "1");
  }
  SUBCASE("by several megabytes") {
    block = status() + entering("x-a", "1");
    for (int i = 0; i < 40; ++i)
      block += plain("x-large", large);
  }
  exchange(in_frames(1, block, kFrame, flags) + end, std::string(1, kYoungest));
  CHECK(first.status == 0);
  CHECK(first.outcome.error.code == ErrorCode::kGeneric);
  CHECK(first.outcome.error.text == kTooLarge);
  CHECK(third.fields == "x-a: 1\r\n");
}

TEST_CASE_FIXTURE(LargeHeadFixture, "an interim head, or a trailer, may be too large as well") {
  const std::string large = plain("x-large", std::string(http2::kMaxString + 1, 'v'));
  std::string bytes;
  SUBCASE("an interim head") {
    bytes = in_frames(1, status("103") + large) + response(1, "", "body");
  }
  SUBCASE("a trailer") {
    bytes = in_frames(1, status()) + http2::data(1, "body", 0) +
            in_frames(1, large, kFrame, http2::kEndStream);
  }
  exchange(bytes, "");
  CHECK(first.outcome.error.text == kTooLarge);
}

TEST_CASE_FIXTURE(Http2Fixture, "a head beyond all measure ends its connection") {
  std::string block = status();
  while (block.size() < limits::kHttp2HeaderBlockRead + kFrame)
    block += plain("x", std::string(kFrame, 'v'));
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(),
                     RawServer::send(in_frames(1, block)), RawServer::hang()},
                    {RawServer::send(http2::settings()), http2::await_request(),
                     RawServer::send(http2::answer(1, "good")), RawServer::hang()}});
  const Response failed = get(server.url());
  CHECK(failed.status == 0);
  CHECK(static_cast<int>(failed.outcome.error.code) / 10 == 165);
  CHECK(get(server.url()).body == "good");
}

TEST_CASE_FIXTURE(Http2Fixture, "a head that another frame interrupts ends its connection") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(http2::frame(http2::kHeaders, 0, 1, status()) + http2::data(1, "x")),
        RawServer::hang()}});
  const Response failed = get(server.url());
  CHECK(static_cast<int>(failed.outcome.error.code) == 1652);
}

}  // namespace
}  // namespace perigee::http
