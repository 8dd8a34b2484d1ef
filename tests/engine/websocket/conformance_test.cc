// The cases that the Autobahn suite plays a client, in its numbering.
#include <chrono>
#include <string>
#include <vector>

#include "tests/engine/websocket/echo_fixture.h"

namespace perigee::websocket {
namespace {

using Texts = std::vector<std::string>;

struct Case {
  std::string number;
  std::string frames;
  Texts echoes;  // messages that come back, in order
  Texts pongs;
  unsigned close = 1000;  // the code that the client closes with
  std::string then{};     // sent when all has come back; nothing: a close
};

const std::string kClose = close_frame(1000);

std::string text(std::string_view payload) {
  return frame(0x81, payload);
}
std::string binary(std::string_view payload) {
  return frame(0x82, payload);
}
std::string ping(std::string_view payload = {}) {
  return frame(0x89, payload);
}

void play(const Case& one, size_t piece) {
  INFO(one.number, " in pieces of ", piece);
  EchoFixture fixture;
  WireServer server({.frames = one.frames,
                     .answers = one.echoes.size() + one.pongs.size(),
                     .then = one.close == 1000 ? kClose : one.then,
                     .piece = piece});
  fixture.play(EchoFixture::request(server.url()));
  fixture.echo.socket.reset();
  const WireRecord& record = server.record();
  CHECK(record.messages == one.echoes);
  CHECK(record.pongs == one.pongs);
  CHECK(record.close == one.close);
  CHECK(record.violation == "");
}

void play(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    play(one, 0);
    if (one.frames.size() < 200) play(one, 1);
    if (one.frames.size() >= 200 && one.frames.size() < 100'000) play(one, 997);
  }
}

std::string some(size_t size, char c = '*') {
  std::string payload;
  payload.resize(size, c);
  return payload;
}

TEST_CASE("1: text and binary messages of every form of length") {
  std::vector<Case> cases;
  for (const size_t size : {0U, 125U, 126U, 127U, 128U, 65535U, 65536U}) {
    cases.push_back({"1.1 " + std::to_string(size), text(some(size)), {some(size)}, {}});
    cases.push_back(
        {"1.2 " + std::to_string(size), binary(some(size, '\xfe')), {some(size, '\xfe')}, {}});
  }
  play(cases);
}

TEST_CASE("2: pings are answered, pongs are not") {
  std::string ten;
  Texts answers;
  for (int i = 0; i < 10; ++i) {
    ten += ping("payload-" + std::to_string(i));
    answers.push_back("payload-" + std::to_string(i));
  }
  const std::string bytes("\x00\xff\xfe\xfd\xfc\xfb\x00\xff", 8);
  play({{"2.1", ping(), {}, {""}},
        {"2.2", ping("Hello, world!"), {}, {"Hello, world!"}},
        {"2.3", ping(bytes), {}, {bytes}},
        {"2.4", ping(some(125, '\xfe')), {}, {some(125, '\xfe')}},
        {"2.5", ping(some(126, '\xfe')), {}, {}, 1002},
        {"2.7", frame(0x8a, ""), {}, {}},
        {"2.8", frame(0x8a, "unsolicited pong payload"), {}, {}},
        {"2.9",
         frame(0x8a, "unsolicited pong payload") + ping("ping payload"),
         {},
         {"ping payload"}},
        {"2.10", ten, {}, answers}});
}

TEST_CASE("3: reserved bits mean nothing and are refused") {
  play({{"3.1", frame(0x91, "Hello"), {}, {}, 1002},
        {"3.2", text("Hello"), {"Hello"}, {}, 1002, frame(0xa1, "Hello") + ping()},
        {"3.3", text("Hello"), {"Hello"}, {}, 1002, frame(0xb1, "Hello") + ping()},
        {"3.5", frame(0xd2, some(8, '\xff')), {}, {}, 1002},
        {"3.6", frame(0xe9, "Hello"), {}, {}, 1002},
        {"3.7", frame(0xf8, ""), {}, {}, 1002}});
}

TEST_CASE("4: opcodes that do not exist are refused") {
  std::vector<Case> cases;
  for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
    const std::string number = "4 opcode " + std::to_string(opcode);
    cases.push_back({number, frame(0x80 | opcode, ""), {}, {}, 1002});
    cases.push_back({number, frame(0x80 | opcode, "reserved opcode payload"), {}, {}, 1002});
    cases.push_back(
        {number, text("Hello"), {"Hello"}, {}, 1002, frame(0x80 | opcode, "") + ping()});
  }
  play(cases);
}

TEST_CASE("5: fragments come one after the other, with control frames in between") {
  const std::string first = frame(0x01, "fragment1");
  const std::string last = frame(0x80, "fragment2");
  const std::string middle = frame(0x00, "fragment2");
  play({{"5.1", frame(0x09, "fragment1") + last, {}, {}, 1002},
        {"5.2", frame(0x0a, "fragment1") + last, {}, {}, 1002},
        {"5.3", first + last, {"fragment1fragment2"}, {}},
        {"5.6", first + ping("ping payload") + last, {"fragment1fragment2"}, {"ping payload"}},
        {"5.9", last, {}, {}, 1002},
        {"5.10", frame(0x80, "") + text("Hello, world!"), {}, {}, 1002},
        {"5.12", frame(0x00, "non-continuation payload") + text("Hello"), {}, {}, 1002},
        {"5.15",
         first + last,
         {"fragment1fragment2"},
         {},
         1002,
         frame(0x00, "fragment3") + text("fragment4")},
        {"5.16", frame(0x00, "fragment1") + first + last, {}, {}, 1002},
        {"5.18", first + text("fragment2"), {}, {}, 1002},
        {"5.19",
         first + middle + ping("one") + frame(0x00, "fragment3") + frame(0x00, "fragment4") +
             ping("two") + frame(0x80, "fragment5"),
         {"fragment1fragment2fragment3fragment4fragment5"},
         {"one", "two"}}});
}

TEST_CASE("6: text is UTF-8, in whatever pieces") {
  const std::string greek = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
  const auto valid = [](const std::string& number, const std::string& payload) {
    return Case{number, text(payload), {payload}, {}};
  };
  const auto invalid = [](const std::string& number, const std::string& payload) {
    return Case{number, text(payload), {}, {}, 1007};
  };
  play({valid("6.1.1", ""),
        {"6.1.2", frame(0x01, "") + frame(0x00, "") + frame(0x80, ""), {""}, {}},
        {"6.1.3", frame(0x01, "") + frame(0x00, "middle") + frame(0x80, ""), {"middle"}, {}},
        valid("6.2.1", "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!"),
        {"6.2.3", frame(0x01, greek.substr(0, 3)) + frame(0x80, greek.substr(3)), {greek}, {}},
        invalid("6.3.1", greek + "\xed\xa0\x80" + "edited"),
        {"6.4.1",
         frame(0x01, greek) + frame(0x00, "\xf4\x90\x80\x80") + frame(0x80, "edited"),
         {},
         {},
         1007},
        {"6.4.2", frame(0x01, greek + "\xf4") + frame(0x00, "\x90"), {}, {}, 1007},
        valid("6.5.1", greek),
        invalid("6.6.1", "\xce"),
        valid("6.6.2", "\xce\xba"),
        invalid("6.6.3", "\xce\xba\xe1"),
        valid("6.7.1", std::string(1, '\0')),
        valid("6.7.2", "\xc2\x80"),
        valid("6.7.3", "\xe0\xa0\x80"),
        valid("6.7.4", "\xf0\x90\x80\x80"),
        invalid("6.8.1", "\xf8\x88\x80\x80\x80"),
        invalid("6.8.2", "\xfc\x84\x80\x80\x80\x80"),
        valid("6.9.1", "\x7f"),
        valid("6.9.2", "\xdf\xbf"),
        valid("6.9.3", "\xef\xbf\xbf"),
        valid("6.9.4", "\xf4\x8f\xbf\xbf"),
        invalid("6.10.1", "\xf7\xbf\xbf\xbf"),
        invalid("6.10.2", "\xfb\xbf\xbf\xbf\xbf"),
        invalid("6.10.3", "\xfd\xbf\xbf\xbf\xbf\xbf"),
        valid("6.11.1", "\xed\x9f\xbf"),
        valid("6.11.2", "\xee\x80\x80"),
        valid("6.11.3", "\xef\xbf\xbd"),
        valid("6.11.4", "\xf4\x8f\xbf\xbf"),
        invalid("6.11.5", "\xf4\x90\x80\x80"),
        invalid("6.12.1", "\x80"),
        invalid("6.12.2", "\xbf"),
        invalid("6.12.8", "\x80\xbf\x80\xbf\x80\xbf\xbe"),
        invalid("6.13.1", "\xc0 \xc1 \xc2 "),
        invalid("6.14.1", "\xc0"),
        invalid("6.14.2", "\xe0\x80"),
        invalid("6.14.10", "\xfd\xbf\xbf\xbf\xbf"),
        invalid("6.15.1", "\xc0\xe0\x80\xf0\x80\x80"),
        invalid("6.16.1", "\xfe"),
        invalid("6.16.2", "\xff"),
        invalid("6.17.1", "\xc0\xaf"),
        invalid("6.17.2", "\xe0\x80\xaf"),
        invalid("6.18.1", "\xc1\xbf"),
        invalid("6.18.2", "\xe0\x9f\xbf"),
        invalid("6.19.1", "\xc0\x80"),
        invalid("6.20.1", "\xed\xa0\x80"),
        invalid("6.20.4", "\xed\xb0\x80"),
        invalid("6.21.1", "\xed\xa0\x80\xed\xb0\x80"),
        valid("6.22.1", "\xef\xbf\xbe"),
        valid("6.22.2", "\xef\xbf\xbf"),
        valid("6.22.3", "\xf0\x9f\xbf\xbe"),
        valid("6.23.1", "\xef\xbf\xbd")});
}

TEST_CASE("7: a close is answered with its code, and nothing follows on it") {
  std::vector<Case> cases{
      {"7.1.1", text("Hello World!"), {"Hello World!"}, {}},
      {"7.1.2", kClose, {}, {}},
      {"7.1.3", kClose + ping("after close"), {}, {}},
      {"7.1.4", kClose + text("after close"), {}, {}},
      {"7.1.5", frame(0x01, "fragment1") + kClose + frame(0x80, "fragment2"), {}, {}},
      {"7.3.1", frame(0x88, ""), {}, {}, 1005},
      {"7.3.2", frame(0x88, "a"), {}, {}, 1002},
      {"7.3.4", close_frame(1000, "Hello World!"), {}, {}},
      {"7.3.5", close_frame(1000, some(123)), {}, {}},
      {"7.3.6", close_frame(1000, some(124)), {}, {}, 1002},
      {"7.5.1", close_frame(1000, "\xce\xba\xed\xa0\x80"), {}, {}, 1007}};
  for (const unsigned code :
       {1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 3000U, 3999U, 4000U, 4999U}) {
    cases.push_back({"7.7 " + std::to_string(code), close_frame(code), {}, {}, code});
  }
  for (const unsigned code :
       {0U, 999U, 1004U, 1005U, 1006U, 1016U, 1100U, 2000U, 2999U, 5000U, 65535U}) {
    cases.push_back({"7.9 " + std::to_string(code), close_frame(code), {}, {}, 1002});
  }
  play(cases);
}

TEST_CASE("9: large messages, whole and in fragments") {
  const std::string large = some(4'000'000);
  std::string fragments = frame(0x02, large.substr(0, 64));
  const std::string medium = large.substr(0, 262'144);
  for (size_t at = 64; at + 64 < medium.size(); at += 64)
    fragments += frame(0x00, medium.substr(at, 64));
  fragments += frame(0x80, medium.substr(medium.size() - 64));
  play({{"9.1.5", text(large), {large}, {}},
        {"9.2.5", binary(large), {large}, {}},
        {"9.4.1", fragments, {medium}, {}}});
  play({"9.5.1", text(medium), {medium}, {}}, 997);
}

TEST_CASE("10: a message in fragments of 1300 bytes") {
  const std::string whole = some(65'536);
  std::string fragments = frame(0x01, whole.substr(0, 1300));
  for (size_t at = 1300; at < whole.size(); at += 1300) {
    const bool last = at + 1300 >= whole.size();
    fragments += frame(last ? 0x80 : 0x00, whole.substr(at, 1300));
  }
  play({{"10.1.1", fragments, {whole}, {}}});
}

// Messages that a server packs, and that come back packed.
void play_packed(const DeflateParameters& offered, const std::string& answer,
                 const DeflateParameters& agreed, const Texts& messages) {
  INFO(answer);
  MessageDeflater deflater(agreed.server_max_window_bits, !agreed.server_no_context_takeover);
  std::string frames;
  for (const std::string& message : messages) {
    const std::string packed(deflater.pack(message));
    const size_t half = packed.size() / 2;
    frames += frame(0x41, packed.substr(0, half));
    frames += frame(0x80, packed.substr(half));
  }
  EchoFixture fixture;
  WireServer server({.frames = frames,
                     .answers = messages.size(),
                     .then = kClose,
                     .piece = 4096,
                     .fields = "Sec-WebSocket-Extensions: " + answer + "\r\n"});
  ConnectRequest request = EchoFixture::request(server.url());
  request.offer.deflate = offered;
  fixture.play(request);
  fixture.echo.socket.reset();
  CHECK(fixture.echo.opening.error.text == "");
  CHECK(server.record().messages == messages);
  CHECK(server.record().close == 1000);
  CHECK(server.record().violation == "");
}

Texts documents() {
  Texts texts;
  for (const size_t size : {0U, 16U, 64U, 256U, 1024U, 4096U, 8192U, 65536U, 131072U}) {
    std::string json = "[";
    for (size_t i = 0; json.size() < size; ++i)
      json += "{\"id\":" + std::to_string(i * 7919 % 10'007) + ",\"name\":\"user\"},";
    texts.push_back(json.substr(0, size));
  }
  return texts;
}

TEST_CASE("12: packed messages of many sizes") {
  play_packed({}, "permessage-deflate; server_no_context_takeover; client_no_context_takeover", {},
              documents());
}

TEST_CASE("13: packed messages with every kind of agreement") {
  const DeflateParameters contexts{.server_no_context_takeover = false,
                                   .client_no_context_takeover = false};
  const Texts twice = [] {
    Texts texts = documents();
    const Texts again = texts;
    texts.insert(texts.end(), again.begin(), again.end());
    return texts;
  }();
  play_packed(contexts, "permessage-deflate", contexts, twice);
  play_packed(contexts, "permessage-deflate; server_no_context_takeover",
              {.client_no_context_takeover = false}, twice);
  play_packed(contexts, "permessage-deflate; client_no_context_takeover",
              {.server_no_context_takeover = false}, twice);
  for (const int bits : {8, 9, 12, 15}) {
    DeflateParameters agreed = contexts;
    agreed.server_max_window_bits = agreed.client_max_window_bits = bits;
    play_packed(contexts,
                "permessage-deflate; server_max_window_bits=" + std::to_string(bits) +
                    "; client_max_window_bits=" + std::to_string(bits),
                agreed, twice);
  }
}

}  // namespace
}  // namespace perigee::websocket
