#include "engine/http/chunked_body.h"

#include <string>

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

constexpr size_t kMaxLine = 1000;

struct Outcome {
  std::string body;
  std::string rest;  // what is behind the body
  std::string error;
  std::string trailers;
  bool ended = false;
};

// Reads the bytes, which come `step` at a time.
Outcome read(std::string_view bytes, size_t step) {
  ChunkedBody chunks(kMaxLine);
  Outcome outcome;
  while (!bytes.empty() && !chunks.ended() && chunks.error() == nullptr) {
    std::string_view in = bytes.substr(0, step);
    bytes.remove_prefix(in.size());
    while (!in.empty() && !chunks.ended() && chunks.error() == nullptr)
      outcome.body += chunks.next(in);
    outcome.rest = in;
  }
  outcome.rest += bytes;
  outcome.ended = chunks.ended();
  outcome.trailers = chunks.trailers();
  outcome.error = chunks.error() == nullptr ? "" : chunks.error();
  return outcome;
}

// The body, which is the same however its bytes come.
std::string body_of(const std::string& bytes) {
  CAPTURE(bytes);
  for (const size_t step : {size_t{1}, size_t{3}, bytes.size()}) {
    CAPTURE(step);
    const Outcome outcome = read(bytes, step);
    CHECK(outcome.error == "");
    CHECK(outcome.ended);
    CHECK(outcome.rest == "");
  }
  return read(bytes, bytes.size()).body;
}

std::string error_of(const std::string& bytes) {
  CAPTURE(bytes);
  const Outcome outcome = read(bytes, bytes.size());
  CHECK_FALSE(outcome.ended);
  CHECK(read(bytes, 1).error == outcome.error);
  return outcome.error;
}

TEST_CASE("chunks are put together") {
  CHECK(body_of("5\r\nhello\r\n1\r\n,\r\nA\r\n0123456789\r\n0\r\n\r\n") == "hello,0123456789");
  CHECK(body_of("0\r\n\r\n") == "");
  CHECK(body_of("00b\r\nhello world\r\n000\r\n\r\n") == "hello world");
}

TEST_CASE("what follows the body is left") {
  const Outcome outcome = read("1\r\na\r\n0\r\n\r\nHTTP/1.1", 100);
  CHECK(outcome.ended);
  CHECK(outcome.rest == "HTTP/1.1");
}

TEST_CASE("a size may have any extension behind it") {
  for (const std::string extension :
       {";a", ";a=b", ";foo=bar;x", ";a=b;c=d;e", "; a=b", " ;a", "\t; a = b ; c", ";a=\"q;r\"",
        ";a=\"q\\\"r\"", ";a=\"\";b", ";a=\"caf\xc3\xa9\t\"", ";a=\"\\\\\"", ";", ";;",
        ";=", ";a="}) {
    CHECK(body_of("2" + extension + "\r\nhi\r\n0" + extension + "\r\n\r\n") == "hi");
  }
}

TEST_CASE("a size may be padded with blanks") {
  for (const std::string blanks : {" ", "  ", "\t", "            "})
    CHECK(body_of("2" + blanks + "\r\nhi\r\n0" + blanks + "\r\n\r\n") == "hi");
}

TEST_CASE("the fields of a trailer are passed over") {
  CHECK(body_of("2\r\nhi\r\n0\r\nA: b\r\nContent-Length: 7\r\nEmpty:\r\n\r\n") == "hi");
}

TEST_CASE("what is no size is an error") {
  for (const std::string size : {"", "x", " 2", ";a", "-2", "+2", "0x2", "2 2", "2 x", "2.", "\r"})
    CHECK(error_of(size + "\r\nhi\r\n") == "a chunk's size is not a hexadecimal number");
  CHECK(error_of("10000000000000000\r\n") == "a chunk's size is too large");
}

TEST_CASE("a chunk that is longer than its size is an error") {
  CHECK(error_of("2\r\nhello\r\n") == "a chunk is longer than its size");
  CHECK(error_of("2\r\nhi\n0\r\n\r\n") == "a chunk is longer than its size");
}

TEST_CASE("line ends are CRLF everywhere") {
  const std::string message = "a line of its chunked body does not end in CRLF";
  for (const std::string bytes :
       {"2;a\nhi\r\n", "2\r\r\nhi\r\n", "2;a\rb\r\nhi\r\n", "2\r\nhi\r\r\n",
        "0\r\nA: b\nC: d\r\n\r\n", "0\r\nA: b\rC: d\r\n\r\n", "0\r\n\r\r"}) {
    CHECK(error_of(bytes) == message);
  }
}

TEST_CASE("a trailer whose fields are none is an error") {
  for (const std::string field : {"no colon", "nocolon", " a: b", ": b", "a b: c"})
    CHECK(error_of("0\r\n" + field + "\r\n\r\n") == "a field of its trailer is malformed");
}

TEST_CASE("lines without end are an error, bodies of many short ones are not") {
  const std::string message = "a line of its chunked body is too long";
  const std::string filler(kMaxLine + 1, 'x');
  CHECK(error_of("2;" + filler) == message);
  CHECK(error_of(std::string(kMaxLine + 1, '0')) == message);
  CHECK(error_of("0\r\nA: " + filler) == message);
  std::string many;
  for (size_t i = 0; i < kMaxLine; ++i)
    many += "1;a=b\r\nx\r\n";
  CHECK(body_of(many + "0\r\n\r\n").size() == kMaxLine);
}

TEST_CASE("the fields of a trailer are those between the last chunk and the empty line") {
  const std::string bytes = "3\r\nabc\r\n0\r\nX-Sum: 7\r\nX-Empty:\r\n\r\nHTTP/1.1";
  for (const size_t step : {size_t{1}, size_t{3}, bytes.size()}) {
    CAPTURE(step);
    const Outcome outcome = read(bytes, step);
    CHECK(outcome.body == "abc");
    CHECK(outcome.trailers == "X-Sum: 7\r\nX-Empty:\r\n");
    CHECK(outcome.rest == "HTTP/1.1");
  }
  CHECK(read("3\r\nabc\r\n0\r\n\r\n", 1).trailers.empty());
}

}  // namespace
}  // namespace perigee::http
