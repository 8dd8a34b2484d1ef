#include "engine/http/body_decoder.h"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/coded_body.h"

namespace perigee::http {
namespace {

using namespace std::string_literals;

// As Python's gzip and the program zstd compress it.
const std::string kHello = "hello, hello, hello\n";
const std::string kGzipHello =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\xd7"
    "\x51\xc8\x40\xa2\xb8\x00\xe7\x42\x6e\x52\x14\x00\x00\x00"s;
const std::string kZstdHello =
    "\x28\xb5\x2f\xfd\x00\x58\x75\x00\x00\x40\x68\x65\x6c\x6c\x6f\x2c"
    "\x20\x0a\x01\x00\xe2\x8a\x11"s;

std::string decoded(std::string_view coding, std::string body) {
  BodyDecoder decoder;
  const Error error = decoder.decode(coding, body);
  CHECK_MESSAGE(!error, error.text);
  return body;
}

std::string failure(std::string_view coding, std::string body, size_t max = 1'000'000) {
  BodyDecoder decoder;
  const std::string before = body;
  const Error error = decoder.decode(coding, body, max);
  CHECK(body == before);
  CHECK(static_cast<int>(error.code) == (error.text.empty() ? 0 : 1701));
  return error.text;
}

TEST_CASE("bodies that other programs compressed are read") {
  CHECK(decoded("gzip", kGzipHello) == kHello);
  CHECK(decoded("X-GZIP", kGzipHello) == kHello);
  CHECK(decoded("zstd", kZstdHello) == kHello);
}

TEST_CASE("every coding gives back what it was given, whatever the size") {
  for (const auto* name : {"gzip", "deflate", "br", "zstd"}) {
    const auto codings = parse_content_codings(name);
    for (const size_t size : {1U, 1000U, 300'000U}) {
      const std::string body = text_of_size(size);
      CHECK(decoded(name, encode_body(codings, body)) == body);
    }
    const std::string nothing = encode_body(codings, "");
    CHECK_FALSE(nothing.empty());
    CHECK(decoded(name, nothing).empty());
  }
}

TEST_CASE("a decoder is used for one body after the other, right or wrong") {
  BodyDecoder decoder;
  for (const auto* name : {"gzip", "deflate", "zstd", "br", "gzip", "zstd"}) {
    std::string broken = "not compressed";
    CHECK(decoder.decode(name, broken));
    std::string body = encoded(name, "fine");
    CHECK_FALSE(decoder.decode(name, body));
    CHECK(body == "fine");
  }
}

TEST_CASE("codings that lie on top of each other are taken off from the last") {
  const auto codings = parse_content_codings("gzip, br , zstd,deflate");
  CHECK(content_encoding(codings) == "gzip, br, zstd, deflate");
  CHECK(decoded("gzip, br,zstd ,deflate", encode_body(codings, kHello)) == kHello);
}

TEST_CASE("several members of one gzip body are one body") {
  CHECK(decoded("gzip", kGzipHello + kGzipHello) == kHello + kHello);
  CHECK(decoded("zstd", kZstdHello + kZstdHello) == kHello + kHello);
}

TEST_CASE("deflate without its header is read, too") {
  std::string raw = encoded("deflate", kHello);
  raw = raw.substr(2, raw.size() - 6);
  CHECK(decoded("deflate", raw) == kHello);
}

TEST_CASE("an empty body and codings that are none leave the body alone") {
  CHECK(decoded("gzip", "").empty());
  CHECK(decoded("", "plain") == "plain");
  CHECK(decoded("identity", "plain") == "plain");
  CHECK(decoded("gzip, identity", kGzipHello) == kHello);
}

TEST_CASE("a coding that nobody knows leaves what it covers") {
  CHECK(decoded("gzip, secret", kGzipHello) == kGzipHello);
  CHECK(decoded("secret, gzip", kGzipHello) == kHello);
}

TEST_CASE("broken bodies fail") {
  CHECK(failure("gzip", "hello") ==
        "error decompressing response body (gzip: incorrect header check)");
  CHECK(failure("zstd", "hello") ==
        "error decompressing response body (zstd: Unknown frame descriptor)");
  CHECK(failure("br", "\xff\xff\xff\xff") ==
        "error decompressing response body (br: corrupt data)");
  std::string damaged = kGzipHello;
  damaged[damaged.size() - 6] = 'x';
  CHECK(failure("gzip", damaged) ==
        "error decompressing response body (gzip: incorrect data check)");
  CHECK(failure("gzip", kGzipHello + "more") ==
        "error decompressing response body (gzip: incorrect header check)");
}

TEST_CASE("bodies that end too early fail") {
  for (const auto* name : {"gzip", "deflate", "br", "zstd"}) {
    const std::string whole = encoded(name, text_of_size(50'000));
    for (const size_t size : {size_t{1}, whole.size() / 2, whole.size() - 1}) {
      CHECK(failure(name, whole.substr(0, size)) ==
            "error decompressing response body ("s + name + ": unexpected end of the data)");
    }
  }
}

TEST_CASE("a body may not grow without a bound") {
  const std::string zeros(1'000'000, '\0');
  for (const auto* name : {"gzip", "deflate", "br", "zstd"}) {
    const std::string bomb = encoded(name, zeros);
    CHECK(decoded(name, bomb) == zeros);
    CHECK(failure(name, bomb, 999'999) == "error decompressing response body ("s + name +
                                              ": it grows beyond the largest body that is kept)");
  }
  const std::string nine = "gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip";
  std::string body = kHello;
  for (int i = 0; i < 9; ++i)
    body = encoded("gzip", body);
  CHECK(failure(nine, body) == "error decompressing response body (gzip: too many codings)");
}

TEST_CASE("compressions that do not exist are refused with the closest one") {
  CHECK_THROWS_WITH_AS(parse_content_codings("gzip, zsdt"),
                       "there is no compression \"zsdt\": use gzip, deflate, br or zstd, or "
                       "several of them with commas between (did you mean \"zstd\"?)",
                       std::runtime_error);
  CHECK_THROWS_AS(parse_content_codings(""), std::runtime_error);
  CHECK_THROWS_AS(parse_content_codings("gzip,"), std::runtime_error);
  CHECK_THROWS_AS(parse_content_codings("br,br,br,br,br,br,br,br,br"), std::runtime_error);
}

}  // namespace
}  // namespace perigee::http
