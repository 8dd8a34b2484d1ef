#include "engine/websocket/frame_codec.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace perigee::websocket {
namespace {

struct Frames final : FrameReader::Events {
  std::vector<FrameHead> heads;
  std::vector<std::string> payloads;
  size_t ends = 0;

  bool on_frame(const FrameHead& head) override {
    heads.push_back(head);
    payloads.emplace_back();
    return true;
  }
  bool on_payload(std::string_view bytes) override {
    payloads.back().append(bytes);
    return true;
  }
  bool on_frame_end() override {
    ++ends;
    return true;
  }
};

std::string written(Role role, Opcode opcode, const std::string& payload) {
  FrameCodec codec(1);
  std::string bytes;
  codec.write(bytes, role, {.opcode = opcode}, payload);
  return bytes;
}

TEST_CASE("a server's frame is its head and its payload") {
  CHECK(written(Role::kServer, Opcode::kText, "Hello") == "\x81\x05Hello");
  CHECK(written(Role::kServer, Opcode::kPing, "") == std::string("\x89\x00", 2));
}

TEST_CASE("the length takes 7, 16 or 64 bits") {
  CHECK(written(Role::kServer, Opcode::kBinary, std::string(125, 'x')).substr(0, 2) == "\x82\x7d");
  CHECK(written(Role::kServer, Opcode::kBinary, std::string(126, 'x')).substr(0, 4) ==
        std::string("\x82\x7e\x00\x7e", 4));
  CHECK(written(Role::kServer, Opcode::kBinary, std::string(65536, 'x')).substr(0, 10) ==
        std::string("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST_CASE("a client's frame is masked, each with a mask of its own") {
  FrameCodec codec(1);
  std::string first, second;
  codec.write(first, Role::kClient, {.opcode = Opcode::kText}, "Hello");
  codec.write(second, Role::kClient, {.opcode = Opcode::kText}, "Hello");
  REQUIRE(first.size() == 2 + 4 + 5);
  CHECK(first.substr(0, 2) == "\x81\x85");
  CHECK(first.substr(2, 4) != second.substr(2, 4));
  std::string payload = first.substr(6);
  for (size_t i = 0; i < payload.size(); ++i)
    payload[i] = static_cast<char>(payload[i] ^ first[2 + i % 4]);
  CHECK(payload == "Hello");
}

TEST_CASE("frames are read from any pieces") {
  FrameCodec codec(1);
  std::string bytes;
  const std::string large(70'000, 'l');
  codec.write(bytes, Role::kClient, {.opcode = Opcode::kText, .final = false}, "Hel");
  codec.write(bytes, Role::kClient, {.opcode = Opcode::kPing}, "");
  codec.write(bytes, Role::kClient, {.opcode = Opcode::kContinuation}, large);
  for (const size_t piece : {size_t{1}, size_t{7}, size_t{4096}, bytes.size()}) {
    Frames frames;
    FrameReader reader(codec, frames);
    for (size_t at = 0; at < bytes.size(); at += piece)
      CHECK(reader.feed(std::string_view(bytes).substr(at, piece)));
    REQUIRE(frames.ends == 3);
    CHECK(frames.payloads[0] == "Hel");
    CHECK_FALSE(frames.heads[0].final);
    CHECK(frames.heads[0].masked);
    CHECK(frames.heads[1].opcode == Opcode::kPing);
    CHECK(frames.payloads[2] == large);
    CHECK(frames.heads[2].length == 70'000);
  }
}

TEST_CASE("readers of one codec do not mix their bytes") {
  FrameCodec codec(1);
  Frames first, second;
  FrameReader one(codec, first);
  FrameReader other(codec, second);
  CHECK(one.feed("\x81\x05Hel"));
  CHECK(other.feed("\x81\x05World"));
  CHECK(one.feed("lo"));
  CHECK(first.payloads == std::vector<std::string>{"Hello"});
  CHECK(second.payloads == std::vector<std::string>{"World"});
}

TEST_CASE("a length in a longer form than it needs is refused") {
  FrameCodec codec(1);
  Frames frames;
  FrameReader reader(codec, frames);
  CHECK_FALSE(reader.feed(std::string("\x82\x7e\x00\x05Hello", 9)));
}

}  // namespace
}  // namespace perigee::websocket
