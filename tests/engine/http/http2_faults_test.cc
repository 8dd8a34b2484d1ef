#include <array>

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "engine/http/retry.h"
#include "tests/engine/http/http2_fixture.h"

namespace perigee::http {
namespace {

// What a server does after one request has come.
RawServer::Script after_request(const std::string& bytes) {
  return {RawServer::send(http2::settings()), http2::await_request(), RawServer::send(bytes),
          RawServer::hang()};
}

RawServer::Script good(const std::string& body = "good") {
  return after_request(http2::answer(1, body));
}

struct Fault {
  int code;
  std::string text;
};

Fault fault_of(const Response& response) {
  CHECK(response.status == 0);
  return {static_cast<int>(response.outcome.error.code), response.outcome.error.text};
}

TEST_CASE_FIXTURE(Http2Fixture, "RST_STREAM ends its request with k6's number, and no other") {
  std::string bytes;
  SUBCASE("before the head") {}
  SUBCASE("within the head") {
    bytes = http2::headers(1, {{":status", "103"}});
  }
  SUBCASE("after the head") {
    bytes = http2::headers(1, {{":status", "200"}});
  }
  SUBCASE("within the body") {
    bytes = http2::headers(1, {{":status", "200"}}) + http2::data(1, "half", 0);
  }
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(bytes + http2::rst_stream(1, http2::kInternalError)),
        http2::await_request(), RawServer::send(http2::answer(3, "next")), RawServer::hang()}});
  const Fault fault = fault_of(get(server.url()));
  CHECK(fault.code == 1633);
  CHECK(fault.text == "http2: stream error with http2 ErrCode INTERNAL_ERROR");
  CHECK(get(server.url()).body == "next");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(Http2Fixture, "a code that nobody knows has the number without one") {
  RawServer server({after_request(http2::rst_stream(1, 0x99))});
  const Fault fault = fault_of(get(server.url()));
  CHECK(fault.code == 1630);
  CHECK(fault.text == "http2: stream error with http2 ErrCode unknown error code 0x99");
}

TEST_CASE_FIXTURE(Http2Fixture, "a refused stream is sent again, whatever its method") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(http2::rst_stream(1, http2::kRefusedStream)), http2::await_request(),
        RawServer::send(http2::answer(3, "x")), RawServer::hang()}});
  Request post = request(server.url(), "POST");
  post.body = "once";
  const Response response = send(post);
  CHECK(response.body == "x");
  CHECK(response.outcome.retries == 1);
  CHECK(http2::frames_of(server.requests()[1], http2::kData).at(0).payload == "once");
}

TEST_CASE_FIXTURE(Http2Fixture, "a stream that is refused each time is given up") {
  RawServer::Script script{RawServer::send(http2::settings())};
  for (uint32_t i = 0; i <= limits::kFruitlessResends; ++i) {
    script.push_back(http2::await_request());
    script.push_back(RawServer::send(http2::rst_stream(2 * i + 1, http2::kRefusedStream)));
  }
  script.push_back(RawServer::hang());
  RawServer server({script});
  const Fault fault = fault_of(get(server.url()));
  CHECK(fault.code == 1638);
  CHECK(fault.text == "http2: stream error with http2 ErrCode REFUSED_STREAM");
}

TEST_CASE_FIXTURE(Http2Fixture,
                  "GOAWAY in the middle: those below finish, those above go elsewhere") {
  uint32_t code = http2::kNoError;
  SUBCASE("in peace") {}
  SUBCASE("with an error") {
    code = http2::kEnhanceYourCalm;
  }
  const RawServer::Script first{RawServer::send(http2::settings()), http2::await_request(3),
                                RawServer::send(http2::go_away(3, code)),
                                RawServer::send(http2::answer(1, "a") + http2::answer(3, "b"))};
  RawServer server({first, good("c")});
  Request post = request(server.url(), "POST");
  const std::vector<Response> responses = send_all(post, 3);
  CHECK(responses[0].body == "a");
  CHECK(responses[1].body == "b");
  CHECK(responses[2].body == "c");
  CHECK(responses[2].outcome.retries == 1);
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(Http2Fixture, "those that go elsewhere may do so as long as servers get on") {
  const size_t count = limits::kFruitlessResends + 3;
  std::vector<RawServer::Script> scripts;
  for (size_t left = count; left > 0; --left) {
    scripts.push_back({RawServer::send(http2::settings()), http2::await_request(left),
                       RawServer::send(http2::go_away(1, http2::kNoError)),
                       RawServer::send(http2::answer(1, "x"))});
  }
  RawServer server(scripts);
  for (const Response& response : send_all(request(server.url(), "POST"), count)) {
    CHECK(response.outcome.error.text == "");
    CHECK(response.body == "x");
  }
  CHECK(server.connections() == count);
}

TEST_CASE_FIXTURE(Http2Fixture, "those that go elsewhere keep their order") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(8),
        RawServer::send(http2::go_away(1, http2::kNoError)),
        RawServer::send(http2::answer(1, "x"))},
       {RawServer::send(http2::settings()), http2::await_request(7), RawServer::hang_up()}});
  std::array<std::string, 8> bodies{"1", "2", "3", "4", "5", "6", "7", "8"};
  std::array<Answer, 8> answers;
  size_t left = answers.size();
  for (size_t i = 0; i < answers.size(); ++i) {
    answers[i].after_end = [&] {
      if (--left == 0) loop.stop();
    };
    Request post = request(server.url(), "POST");
    post.body = bodies[i];
    start(post, answers[i]);
  }
  run();
  std::string order;
  for (const http2::Frame& frame : http2::frames_of(server.requests()[1], http2::kData))
    order += frame.payload;
  CHECK(order == "2345678");
}

TEST_CASE_FIXTURE(Http2Fixture, "GOAWAY at once and each time ends a request with k6's number") {
  RawServer server(
      {{RawServer::send(http2::settings() + http2::go_away(0, http2::kEnhanceYourCalm)),
        RawServer::hang()}});
  const Fault fault = fault_of(get(server.url()));
  CHECK(fault.code == 1622);
  CHECK(fault.text == "http2: received GoAway with http2 ErrCode ENHANCE_YOUR_CALM");
  CHECK(server.connections() == 1 + limits::kFruitlessResends);
}

TEST_CASE_FIXTURE(Http2Fixture,
                  "a server that goes away with an error and closes is not asked again") {
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(),
                     RawServer::send(http2::go_away(1, http2::kInternalError))}});
  const Fault fault = fault_of(get(server.url()));
  CHECK(fault.code == 1613);
}

TEST_CASE_FIXTURE(Http2Fixture, "a connection that goes away is not used for the next request") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(http2::answer(1, "x") + http2::go_away(1, 0)), RawServer::hang()},
       good()});
  CHECK(get(server.url()).body == "x");
  const Response next = get(server.url());
  CHECK(next.body == "good");
  CHECK(next.outcome.retries == 0);
  CHECK(server.wait_for_closes(1));
}

TEST_CASE_FIXTURE(Http2Fixture, "frames that break the protocol end the connection") {
  std::string bytes;
  int code = 1652;
  std::string text = "http2: connection error with http2 ErrCode PROTOCOL_ERROR";
  SUBCASE("data on a stream that nobody opened") {
    bytes = http2::data(99, "x");
  }
  SUBCASE("a window that overflows") {
    bytes = http2::window_update(0, 0x7fff'ffff);
    code = 1654;
    text = "http2: connection error with http2 ErrCode FLOW_CONTROL_ERROR";
  }
  SUBCASE("a field block that is none") {
    bytes = http2::frame(http2::kHeaders, http2::kEndHeaders, 1, "\xff\xff\xff\xff\xff\xff");
    code = 1660;
    text = "http2: connection error with http2 ErrCode COMPRESSION_ERROR";
  }
  RawServer server({after_request(bytes), good()});
  const Fault fault = fault_of(get(server.url()));
  CHECK(fault.code == code);
  CHECK(fault.text == text);
  CHECK(get(server.url()).body == "good");
}

TEST_CASE_FIXTURE(Http2Fixture, "endless CONTINUATION ends the connection") {
  std::string bytes = http2::frame(http2::kHeaders, 0, 1, http2::field_block({{":status", "200"}}));
  for (int i = 0; i < 200; ++i) {
    bytes += http2::frame(http2::kContinuation, 0, 1,
                          http2::field_block({{"x-" + std::to_string(i), std::string(100, 'v')}}));
  }
  RawServer server({after_request(bytes), good()});
  CHECK(fault_of(get(server.url())).code / 10 == 165);
  CHECK(get(server.url()).body == "good");
}

TEST_CASE_FIXTURE(Http2Fixture, "a head above the limit ends its request, and no other") {
  // A name that stands in the table of both sides costs one byte from its second time on.
  const std::string large(4'000, 'v');
  std::string block = http2::field_block({{":status", "200"}});
  block += '\x40' + http2::field_block({{"x-large", large}}).substr(1);
  const std::string repeated(limits::kResponseHead / large.size() + 1, '\xbe');
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(),
                     RawServer::send(http2::frame(http2::kHeaders, 4, 1, block + repeated)),
                     http2::await(http2::kRstStream), http2::await_request(),
                     RawServer::send(http2::answer(3, "next")), RawServer::hang()}});
  const Fault fault = fault_of(get(server.url()));
  CHECK(fault.code == 1000);
  CHECK(fault.text == "malformed HTTP response: its head is larger than 262144 bytes");
  CHECK(get(server.url()).body == "next");
}

TEST_CASE_FIXTURE(Http2Fixture, "a status that is none is an error of its stream") {
  std::string status;
  int code = 1632;
  SUBCASE("below 100") {
    status = "099";
    code = 1000;
  }
  SUBCASE("of two digits") {
    status = "99";
  }
  SUBCASE("above 999") {
    status = "1000";
  }
  SUBCASE("with letters") {
    status = "2x0";
  }
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(http2::headers(1, {{":status", status}})), http2::await(http2::kRstStream),
        http2::await_request(), RawServer::send(http2::answer(3, "next")), RawServer::hang()}});
  CHECK(fault_of(get(server.url())).code == code);
  CHECK(get(server.url()).body == "next");
}

TEST_CASE_FIXTURE(Http2Fixture, "a body of the wrong length is an error of its stream") {
  std::string body;
  SUBCASE("shorter") {
    body = "xx";
  }
  SUBCASE("longer") {
    body = "xxxx";
  }
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(http2::headers(1, {{":status", "200"}, {"content-length", "3"}}) +
                        http2::data(1, body)),
        http2::await(http2::kRstStream), http2::await_request(),
        RawServer::send(http2::answer(3, "next")), RawServer::hang()}});
  CHECK(fault_of(get(server.url())).code == 1632);
  CHECK(get(server.url()).body == "next");
}

TEST_CASE_FIXTURE(Http2Fixture, "a server that speaks HTTP/1.1 is told as such") {
  RawServer server({{RawServer::send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
                     RawServer::hang()}});
  const Fault fault = fault_of(get(server.url()));
  CHECK(fault.code == 1652);
  CHECK(fault.text == "http2: the server does not speak HTTP/2 here: it answered in HTTP/1.1");
}

TEST_CASE_FIXTURE(Http2Fixture, "a connection that breaks ends all of its requests") {
  RawServer::Step end = RawServer::hang_up();
  std::string text = "EOF";
  SUBCASE("closed") {}
  SUBCASE("half-closed") {
    end = RawServer::half_close();
  }
  SUBCASE("reset") {
    end = RawServer::reset();
    text = "read: connection reset by peer";
  }
  RawServer server({{RawServer::send(http2::settings()), http2::await(http2::kSettings, 2), end,
                     RawServer::hang()}});
  for (const Response& response : send_all(request(server.url()), 3))
    CHECK(fault_of(response).text == text);
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(Http2Fixture, "a kept connection that breaks costs safe requests a retry") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(http2::answer(1, "x")), http2::await_request(), RawServer::hang_up()},
       good()});
  CHECK(get(server.url()).body == "x");
  const Response response = get(server.url());
  CHECK(response.body == "good");
  CHECK(response.outcome.retries == 1);
}

TEST_CASE_FIXTURE(Http2Fixture, "a request that is lost with each connection is given up") {
  // Each connection has carried something when it breaks, so that it counts as kept.
  std::vector<RawServer::Script> breaking;
  for (size_t left = 9; left > 0; --left) {
    breaking.push_back({RawServer::send(http2::settings()), http2::await_request(left),
                        RawServer::send(http2::answer(1, "x")), RawServer::hang_up()});
  }
  RawServer server(breaking);
  size_t failed = 0;
  for (const Response& response : send_all(request(server.url()), 9)) {
    if (response.status == 200) continue;
    ++failed;
    CHECK(response.outcome.retries == kLostResends);
  }
  CHECK(failed == 9 - server.connections());
  CHECK(server.connections() == 1 + kLostResends);
}

}  // namespace
}  // namespace perigee::http
