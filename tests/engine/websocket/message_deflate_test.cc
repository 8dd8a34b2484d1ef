#include "engine/websocket/message_deflate.h"

#include <string>

#include <doctest/doctest.h>

namespace perigee::websocket {
namespace {

using Result = MessageInflater::Result;

std::string unpacked(MessageInflater& inflater, std::string_view packed) {
  std::string message;
  CHECK(inflater.unpack(packed, message, 1 << 20) == Result::kOk);
  CHECK(inflater.finish(message, 1 << 20) == Result::kOk);
  return message;
}

TEST_CASE("what was packed is unpacked to itself") {
  MessageDeflater deflater(15, false);
  MessageInflater inflater(15, false);
  const std::string large(300'000, 'z');
  for (const std::string& message : {std::string("Hello"), std::string(), large})
    CHECK(unpacked(inflater, std::string(deflater.pack(message))) == message);
  CHECK(deflater.pack(large).size() < 2'000);
}

TEST_CASE("the example of RFC 7692 is unpacked") {
  MessageInflater inflater(15, false);
  CHECK(unpacked(inflater, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)) == "Hello");
}

TEST_CASE("with a context of its own, the same message again is shorter") {
  MessageDeflater deflater(15, true);
  MessageInflater inflater(15, true);
  const std::string message = "a message that repeats nothing of itself, 0123456789";
  const std::string first(deflater.pack(message));
  const std::string again(deflater.pack(message));
  CHECK(again.size() * 3 < first.size());
  CHECK(unpacked(inflater, first) == message);
  CHECK(unpacked(inflater, again) == message);
}

TEST_CASE("empty messages are packed too, between others and several at a time") {
  MessageDeflater deflater(15, true);
  MessageInflater inflater(15, true);
  for (const std::string message : {"", "", "Hello", "", "Hello"})
    CHECK(unpacked(inflater, std::string(deflater.pack(message))) == message);
}

TEST_CASE("what was packed with the least window is unpacked with one of 256 bytes") {
  MessageDeflater deflater(8, true);
  MessageInflater inflater(8, true);
  std::string message;
  for (int i = 0; i < 2'000; ++i)
    message += std::to_string(i * 7919 % 1'000);
  CHECK(unpacked(inflater, std::string(deflater.pack(message))) == message);
  CHECK(unpacked(inflater, std::string(deflater.pack(message))) == message);
}

TEST_CASE("a message may end its stream itself") {
  MessageInflater inflater(15, false);
  CHECK(unpacked(inflater, std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8)) == "Hello");
  CHECK(unpacked(inflater, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)) == "Hello");
}

TEST_CASE("a message that unpacks to more than the limit is stopped") {
  MessageDeflater deflater(15, false);
  MessageInflater inflater(15, false);
  std::string message;
  CHECK(inflater.unpack(deflater.pack(std::string(1'000'000, 'b')), message, 1'000) ==
        Result::kTooLarge);
  CHECK(message.size() < 100'000);
}

TEST_CASE("damaged bytes are told, and the next message is not harmed") {
  MessageInflater inflater(15, false);
  std::string message;
  CHECK(inflater.unpack("\xff\xff\xff\xff", message, 1'000) == Result::kDamaged);
  inflater.reset();
  CHECK(unpacked(inflater, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)) == "Hello");
}

}  // namespace
}  // namespace perigee::websocket
