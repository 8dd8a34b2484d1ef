#include "engine/http/stream_decoder.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/support/coded_body.h"

namespace perigee::http {
namespace {

struct Decoded {
  std::string text;
  std::string error;
};

// What comes of `bytes` given in pieces of this size.
Decoded decoded(std::string_view encoding, std::string_view bytes, size_t given) {
  const auto decoder = StreamDecoder::make(encoding);
  REQUIRE(decoder != nullptr);
  Decoded result;
  std::string piece;
  while (!bytes.empty() && !decoder->error()) {
    std::string_view in = bytes.substr(0, given);
    bytes.remove_prefix(in.size());
    while (decoder->decode(in, piece)) {
      CHECK(piece.size() <= limits::kDecodedPiece);
      result.text += piece;
    }
  }
  const Error error = decoder->error() ? decoder->error() : decoder->finish();
  CHECK(static_cast<int>(error.code) == (error ? 1701 : 0));
  result.error = error.text;
  return result;
}

}  // namespace

TEST_CASE("a stream's codings are taken off however its bytes come") {
  const std::string whole = text_of_size(200'000);
  for (const auto* encoding : {"gzip", "deflate", "br", "zstd", "gzip, br, zstd, deflate"}) {
    CAPTURE(encoding);
    const std::string bytes = encoded(encoding, whole);
    for (const size_t given : {size_t{1}, size_t{100}, bytes.size()}) {
      const Decoded result = decoded(encoding, bytes, given);
      CHECK(result.error.empty());
      CHECK(result.text == whole);
    }
  }
}

TEST_CASE("a stream that stands for a lot comes in pieces of the same size") {
  const std::string zeros(5'000'000, '0');
  for (const auto* encoding : {"gzip", "deflate", "br", "zstd", "gzip, gzip"}) {
    CAPTURE(encoding);
    const Decoded result = decoded(encoding, encoded(encoding, zeros), 1'000'000);
    CHECK(result.error.empty());
    CHECK(result.text == zeros);
  }
}

TEST_CASE("nothing is taken off where there is no coding, or none of ours") {
  CHECK(StreamDecoder::make("") == nullptr);
  CHECK(StreamDecoder::make("identity") == nullptr);
  CHECK(StreamDecoder::make("gzip, secret") == nullptr);
  CHECK(decoded("secret, gzip", encoded("gzip", "hello"), 3).text == "hello");
}

TEST_CASE("what comes before a stream breaks can be read") {
  std::string bytes = encoded("gzip", text_of_size(100'000));
  bytes[bytes.size() - 6] ^= '\x55';
  const Decoded result = decoded("gzip", bytes, 100);
  CHECK(result.text == text_of_size(100'000));
  CHECK(result.error == "error decompressing response body (gzip: incorrect data check)");
}

TEST_CASE("streams that end too early, and those with too many codings, fail") {
  for (const auto* encoding : {"gzip", "deflate", "br", "zstd"}) {
    const std::string bytes = encoded(encoding, text_of_size(1'000));
    CHECK(decoded(encoding, bytes.substr(0, bytes.size() - 1), 10).error ==
          "error decompressing response body (" + std::string(encoding) +
              ": unexpected end of the data)");
  }
  CHECK(decoded("gzip,gzip,gzip,gzip,gzip,gzip,gzip,gzip,br", "x", 1).error ==
        "error decompressing response body (gzip: too many codings)");
}

TEST_CASE("an empty body of any coding is one") {
  CHECK_FALSE(StreamDecoder::make("gzip, br")->finish());
}

}  // namespace perigee::http
