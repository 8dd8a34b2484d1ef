#include "engine/http/content_decoder.h"

#include <algorithm>
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/coded_body.h"

namespace perigee::http {
namespace {

constexpr std::array<ContentCoding, kContentCodingKinds> kAll{
    ContentCoding::kGzip, ContentCoding::kDeflate, ContentCoding::kBrotli, ContentCoding::kZstd};

// All that the decoder makes of `bytes`, given and taken in pieces of these sizes.
std::string decoded(ContentDecoder& decoder, std::string_view bytes, size_t given, size_t taken) {
  std::string result;
  std::string piece(taken, '\0');
  bool full = false;
  while (full || !bytes.empty()) {
    std::string_view in = bytes.substr(0, given);
    const size_t size = in.size();
    std::span<uint8_t> room(reinterpret_cast<uint8_t*>(piece.data()), piece.size());
    const char* const problem = decoder.decode(in, room);
    REQUIRE_MESSAGE(problem == nullptr, problem);
    result.append(piece, 0, piece.size() - room.size());
    bytes.remove_prefix(size - in.size());
    full = room.empty();
  }
  return result;
}

}  // namespace

TEST_CASE("a body is decoded the same however its bytes come and go") {
  const std::string whole = text_of_size(5'000);
  for (const ContentCoding coding : kAll) {
    CAPTURE(name_of(coding));
    const std::string bytes = encoded(name_of(coding), whole);
    const auto decoder = ContentDecoder::make(coding);
    for (const size_t given : {size_t{1}, size_t{7}, bytes.size()}) {
      for (const size_t taken : {size_t{1}, size_t{100}, size_t{10'000}}) {
        CHECK_FALSE(decoder->ended());
        CHECK(decoded(*decoder, bytes, given, taken) == whole);
        CHECK(decoder->ended());
        decoder->reset();
      }
    }
  }
}

TEST_CASE("what has come of a body may not be its end") {
  for (const ContentCoding coding : kAll) {
    CAPTURE(name_of(coding));
    const std::string bytes = encoded(name_of(coding), text_of_size(1'000));
    const auto decoder = ContentDecoder::make(coding);
    decoded(*decoder, std::string_view(bytes).substr(0, bytes.size() - 1), 1, 100);
    CHECK_FALSE(decoder->ended());
  }
}

TEST_CASE("members of one body follow each other wherever they are cut") {
  for (const ContentCoding coding : {ContentCoding::kGzip, ContentCoding::kZstd}) {
    CAPTURE(name_of(coding));
    const std::string member = encoded(name_of(coding), "hello");
    for (const size_t given : {size_t{1}, size_t{1'000}}) {
      const auto decoder = ContentDecoder::make(coding);
      CHECK(decoded(*decoder, member + member, given, 100) == "hellohello");
      CHECK(decoder->ended());
    }
  }
}

}  // namespace perigee::http
