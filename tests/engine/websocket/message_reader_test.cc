#include "engine/websocket/message_reader.h"

#include <deque>
#include <string>

#include <doctest/doctest.h>

namespace perigee::websocket {
namespace {

constexpr Instant kThen{std::chrono::seconds(5)};

struct Reading {
  explicit Reading(const std::optional<DeflateParameters>& agreed = std::nullopt,
                   size_t limit = 1'000)
      : reader(pool, Role::kClient, limit, agreed) {}

  std::string frame(Opcode opcode, const std::string& payload, bool final = true,
                    bool compressed = false) {
    std::string bytes;
    pool.frames().write(bytes, Role::kServer,
                        {.opcode = opcode, .final = final, .compressed = compressed}, payload);
    return bytes;
  }
  bool feed(const std::string& bytes) { return reader.feed(bytes, kThen, out); }

  CodecPool pool{3};
  MessageReader reader;
  std::deque<Incoming> out;
};

TEST_CASE("fragments are put together, with control frames in between") {
  Reading in;
  CHECK(in.feed(in.frame(Opcode::kText, "Hel", false)));
  CHECK(in.feed(in.frame(Opcode::kPing, "beat")));
  CHECK(in.feed(in.frame(Opcode::kContinuation, "", false)));
  CHECK(in.feed(in.frame(Opcode::kContinuation, "lo")));
  REQUIRE(in.out.size() == 2);
  CHECK(in.out[0].opcode == Opcode::kPing);
  CHECK(in.out[0].payload == "beat");
  CHECK(in.out[1].opcode == Opcode::kText);
  CHECK(in.out[1].payload == "Hello");
  CHECK(in.out[1].at == kThen);
}

TEST_CASE("nothing is read past a close") {
  Reading in;
  CHECK_FALSE(in.feed(in.frame(Opcode::kClose, "\x03\xe9gone") + in.frame(Opcode::kText, "late")));
  REQUIRE(in.out.size() == 1);
  CHECK(in.out[0].code == 1001);
  CHECK(in.out[0].payload == "gone");
  CHECK_FALSE(in.reader.violation());
  CHECK_FALSE(in.feed(in.frame(Opcode::kText, "later")));
  CHECK(in.out.size() == 1);
}

TEST_CASE("what came before a violation is delivered") {
  Reading in;
  CHECK_FALSE(in.feed(in.frame(Opcode::kText, "fine") + in.frame(Opcode::kText, "\xc3(")));
  REQUIRE(in.out.size() == 1);
  CHECK(in.out[0].payload == "fine");
  CHECK(in.reader.violation().code == 1007);
  CHECK(in.reader.violation().text == "a text message that is not UTF-8");
}

TEST_CASE("a character may be split between fragments, but not be missing at the end") {
  Reading whole;
  CHECK(whole.feed(whole.frame(Opcode::kText, "\xe2", false)));
  CHECK(whole.feed(whole.frame(Opcode::kContinuation, "\x82\xac")));
  CHECK(whole.out.size() == 1);
  Reading cut;
  CHECK(cut.feed(cut.frame(Opcode::kText, "\xe2\x82", false)));
  CHECK_FALSE(cut.feed(cut.frame(Opcode::kContinuation, "")));
  CHECK(cut.reader.violation().text == "a text message that ends within a character");
}

TEST_CASE("a message above the limit is refused as soon as its length is known") {
  Reading in;
  CHECK(in.feed(in.frame(Opcode::kBinary, std::string(1'000, 'x'))));
  // No more than the first byte of the payload is needed.
  CHECK_FALSE(in.feed(std::string("\x82\x7e\x03\xe9x", 5)));
  CHECK(in.reader.violation().code == 1009);
  CHECK(in.reader.violation().text == "a message of more than 1000 bytes, the limit");
}

TEST_CASE("packed messages of several connections may interleave") {
  Reading one{DeflateParameters{}};
  MessageReader other(one.pool, Role::kClient, 1'000, DeflateParameters{});
  std::deque<Incoming> others;
  const std::string packed(one.pool.deflater(15).pack("the message"));
  CHECK(one.feed(one.frame(Opcode::kText, packed.substr(0, 4), false, true)));
  CHECK(other.feed(one.frame(Opcode::kText, packed, true, true), kThen, others));
  CHECK(one.feed(one.frame(Opcode::kContinuation, packed.substr(4))));
  REQUIRE(one.out.size() == 1);
  REQUIRE(others.size() == 1);
  CHECK(one.out[0].payload == "the message");
  CHECK(others[0].payload == "the message");
}

TEST_CASE("a small frame that unpacks to a large message is stopped at the limit") {
  Reading in{DeflateParameters{}};
  const std::string packed(in.pool.deflater(15).pack(std::string(100'000, 'x')));
  REQUIRE(packed.size() < 1'000);
  CHECK_FALSE(in.feed(in.frame(Opcode::kBinary, packed, true, true)));
  CHECK(in.reader.violation().code == 1009);
}

TEST_CASE("a server's frame must not be masked, a client's must be") {
  Reading client;
  std::string masked;
  client.pool.frames().write(masked, Role::kClient, {.opcode = Opcode::kText}, "Hello");
  CHECK_FALSE(client.feed(masked));
  CHECK(client.reader.violation().text == "a masked frame from the server");
  MessageReader server(client.pool, Role::kServer, 1'000, std::nullopt);
  CHECK_FALSE(server.feed(client.frame(Opcode::kText, "Hello"), kThen, client.out));
  CHECK(server.violation().text == "an unmasked frame");
}

}  // namespace
}  // namespace perigee::websocket
