#include "engine/grpc/message_frame.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace perigee::grpc {
namespace {

using namespace std::string_literals;

struct Taken {
  std::string bytes;
  bool compressed;
  bool operator==(const Taken&) const = default;
};

std::vector<Taken> read_pieces(FrameReader& reader, std::string_view wire, size_t size) {
  std::vector<Taken> messages;
  for (; !wire.empty(); wire.remove_prefix(std::min(size, wire.size()))) {
    // A copy of its own shows reads beyond the piece, and of pieces that have gone.
    const std::string piece(wire.substr(0, size));
    reader.feed(piece);
    while (const auto message = reader.next()) {
      messages.push_back({std::string(message->bytes), message->compressed});
    }
  }
  return messages;
}

TEST_CASE("a frame's head says whether it is compressed, and its length") {
  std::string out;
  append_frame(out, "abc", false);
  append_frame_head(out, 0x01020304, true);
  CHECK(out == "\0\0\0\0\3abc\1\1\2\3\4"s);
}

TEST_CASE("messages are the same however their bytes are cut") {
  std::string wire;
  append_frame(wire, "first", false);
  append_frame(wire, "", true);
  append_frame(wire, std::string(300, 'x'), true);
  append_frame(wire, "last", false);
  const std::vector<Taken> expected{
      {"first", false}, {"", true}, {std::string(300, 'x'), true}, {"last", false}};
  for (size_t size = 1; size <= wire.size(); ++size) {
    FrameReader reader(300);
    CHECK(read_pieces(reader, wire, size) == expected);
    CHECK_FALSE(reader.within_frame());
    CHECK(reader.fault() == FrameReader::Fault::kNone);
  }
}

TEST_CASE("a stream that ends within a frame is known") {
  std::string wire;
  append_frame(wire, "whole", false);
  append_frame(wire, "cut", false);
  for (size_t missing = 1; missing < kFrameHead + 3; ++missing) {
    FrameReader reader(300);
    CHECK(read_pieces(reader, wire.substr(0, wire.size() - missing), 4).size() == 1);
    CHECK(reader.within_frame());
  }
}

TEST_CASE("a message above the limit is refused as soon as its length is known") {
  std::string wire;
  append_frame(wire, "ok", false);
  append_frame_head(wire, 301, false);
  for (const size_t size : {size_t{1}, wire.size()}) {
    FrameReader reader(300);
    CHECK(read_pieces(reader, wire, size).size() == 1);
    CHECK(reader.fault() == FrameReader::Fault::kTooLarge);
    CHECK(reader.refused_size() == 301);
  }
}

TEST_CASE("a flag other than 0 and 1 is a fault") {
  FrameReader reader(300);
  CHECK(read_pieces(reader, "\2\0\0\0\1x"s, 100).empty());
  CHECK(reader.fault() == FrameReader::Fault::kBadFlag);
}

}  // namespace
}  // namespace perigee::grpc
