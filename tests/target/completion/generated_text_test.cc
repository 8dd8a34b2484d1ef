#include "target/completion/generated_text.h"

#include <array>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

// The tokens as a stream sends them, with bars between.
std::string streamed(const GeneratedText& text) {
  std::string all;
  for (size_t i = 0; i < text.tokens(); ++i) {
    if (i != 0) all += '|';
    all += text.token(i);
  }
  return all;
}

GeneratedText stopped_by(size_t max_tokens, std::vector<std::string> stops) {
  return GeneratedText(max_tokens, stops);
}

}  // namespace

TEST_CASE("a text has as many tokens as were asked for") {
  CHECK(GeneratedText(3).whole() == "the moon is");
  CHECK(streamed(GeneratedText(3)) == "the| moon| is");
  CHECK_FALSE(GeneratedText(3).stopped());
  const GeneratedText twice(18);
  CHECK(twice.whole().ends_with("hardest. the moon"));
  CHECK(streamed(twice).ends_with("|.| the| moon"));
}

TEST_CASE("a text ends before its stop sequence, and its tokens are all counted") {
  const GeneratedText text = stopped_by(10, {" nearest"});
  CHECK(text.stopped());
  CHECK(text.whole() == "the moon is");
  CHECK(text.tokens() == 4);
  CHECK(streamed(text) == "the| moon| is|");
}

TEST_CASE("a stop sequence may begin and end inside of tokens") {
  const GeneratedText text = stopped_by(10, {"n is ne"});
  CHECK(text.whole() == "the moo");
  CHECK(streamed(text) == "the| moo||");
}

TEST_CASE("of several stop sequences the first complete one counts") {
  CHECK(stopped_by(10, {"nearest to", "moon is"}).whole() == "the ");
  CHECK(stopped_by(10, {"is", "oon is", "never"}).whole() == "the m");
  CHECK(stopped_by(10, {"the"}).whole() == "");
  CHECK(stopped_by(10, {"the"}).tokens() == 1);
}

TEST_CASE("a stop sequence that comes later than the last token stops nothing") {
  CHECK_FALSE(stopped_by(3, {"nearest"}).stopped());
  CHECK(stopped_by(3, {"nearest"}).whole() == "the moon is");
  CHECK_FALSE(stopped_by(100, {"The moon"}).stopped());
}

TEST_CASE("a stop sequence is found wherever it comes first") {
  const std::string all = GeneratedText(64).whole();
  for (size_t begin = 0; begin < all.size(); begin += 7) {
    for (const size_t size : std::array<size_t, 4>{1, 9, 90, 200}) {
      const std::string stop = all.substr(begin, size);
      CAPTURE(stop);
      const GeneratedText text = stopped_by(64, {stop});
      CHECK(text.stopped());
      CHECK(text.whole() == all.substr(0, all.find(stop)));
    }
  }
}

}  // namespace perigee
