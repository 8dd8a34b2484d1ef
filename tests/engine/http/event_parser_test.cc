#include "engine/http/event_parser.h"

#include <random>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace perigee::http {
namespace {

using Texts = std::vector<std::string>;

std::string text_of(const ServerSentEvent& event) {
  return fmt::format("{}|{}|{}|{}", event.type, event.data, event.id,
                     event.retry ? fmt::to_string(*event.retry) : "");
}

// The events of a text that is cut where `next_size` says.
template <typename NextSize>
Texts parse(std::string_view text, NextSize next_size) {
  EventParser parser;
  Texts events;
  while (!text.empty()) {
    std::string_view piece = text.substr(0, next_size());
    text.remove_prefix(piece.size());
    while (!piece.empty()) {
      if (parser.take(piece)) events.push_back(text_of(parser.event()));
    }
  }
  return events;
}

Texts parse(std::string_view text) {
  return parse(text, [] { return size_t{100'000}; });
}

}  // namespace

TEST_CASE("an event has a type, data, an id and a retry time") {
  CHECK(parse("event: delta\ndata: {\"a\":1}\nid: 7\nretry: 250\n\n") ==
        Texts{"delta|{\"a\":1}|7|250"});
}

TEST_CASE("an event without a type is a message, and an id lasts") {
  CHECK(parse("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n") ==
        Texts{"message|a|1|", "message|b|1|", "message|c||"});
}

TEST_CASE("data of several lines is joined by line feeds") {
  CHECK(parse("data: a\ndata:b\ndata\ndata:  c\n\n") == Texts{"message|a\nb\n\n c||"});
}

TEST_CASE("an event of empty data is an event, one without data is none") {
  CHECK(parse("data\n\nevent: lost\n\ndata:\n\n") == Texts{"message|||", "message|||"});
}

TEST_CASE("comments, unknown fields and blank lines are passed over") {
  CHECK(parse(": ping\n\n\nfoo: bar\ndata: a\nDATA: b\n:data: c\n\n") == Texts{"message|a||"});
}

TEST_CASE("a byte order mark is passed over at the start only") {
  CHECK(parse("\xEF\xBB\xBF"
              "data: a\n\n\xEF\xBB\xBF"
              "data: b\n\n") == Texts{"message|a||"});
}

TEST_CASE("an id with a NUL and a retry that is no number do not count") {
  CHECK(parse(std::string_view("id: a\nid: b\0c\nretry: 1s\nretry:\ndata: x\n\n", 40)) ==
        Texts{"message|x|a|"});
}

TEST_CASE("a retry time without an event comes with the next one, once") {
  CHECK(parse("retry: 10\n\ndata: a\n\ndata: b\n\n") == Texts{"message|a||10", "message|b||"});
}

TEST_CASE("an event that the end cuts off is none") {
  CHECK(parse("data: a\n\ndata: b\n") == Texts{"message|a||"});
}

TEST_CASE("bytes that are not UTF-8 pass as they are") {
  CHECK(parse("data: \xFF\xC0z\n\n") == Texts{"message|\xFF\xC0z||"});
}

TEST_CASE("CR and CRLF end lines as LF does") {
  CHECK(parse("data: a\r\n\r\ndata: b\r\rdata: c\n\r\n") ==
        Texts{"message|a||", "message|b||", "message|c||"});
}

TEST_CASE("however the bytes are cut, the events are the same") {
  constexpr std::string_view kPieces[] = {
      "data: a", "data: \xC3\xA9", "data",   "event: x", "id: 5",
      "id",      "retry: 3",       ": note", "\n",       "\n",
      "\n",      "\r\n",           "\r\n",   "\r",       "\r"};
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text = "\xEF\xBB\xBF";
    for (int i = 0; i < 40; ++i)
      text += kPieces[random() % std::size(kPieces)];
    CAPTURE(text);
    const Texts whole = parse(text);
    REQUIRE(parse(text, [] { return size_t{1}; }) == whole);
    REQUIRE(parse(text, [&] { return size_t{1 + random() % 9}; }) == whole);
  }
}

TEST_CASE("an event longer than the limit is told, in one line or in many") {
  EventParser one(10);
  std::string_view line = "data: 1234567\n\n";
  CHECK_FALSE(one.take(line));
  CHECK(one.too_long());
  EventParser many(10);
  std::string_view lines = "data:1234\ndata:5678\ndata:9012\n\n";
  CHECK_FALSE(many.take(lines));
  CHECK(many.too_long());
  many.reset();
  std::string_view fits = "data:1234\n\n";
  CHECK(many.take(fits));
  CHECK(many.event().data == "1234");
}

}  // namespace perigee::http
