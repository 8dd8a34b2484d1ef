#include "engine/tensor/text_list.h"

#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::string_literals;

std::vector<std::string> texts_of(std::string_view bytes, size_t left = 0) {
  std::vector<std::string> texts;
  TextReader reader(bytes);
  while (const auto text = reader.next())
    texts.emplace_back(*text);
  CHECK(reader.left() == left);
  return texts;
}

TEST_CASE("texts are read as they were appended, whatever bytes they have") {
  std::string bytes;
  for (const std::string& text : {"a\0\xff"s, ""s, "bc"s})
    append_text(bytes, text);
  CHECK(bytes == "\3\0\0\0a\0\xff\0\0\0\0\2\0\0\0bc"s);
  CHECK(texts_of(bytes) == std::vector{"a\0\xff"s, ""s, "bc"s});
}

TEST_CASE("reading stops at a text that is cut, and leaves its bytes") {
  CHECK(texts_of("\1\0\0\0a\1\0\0"s, 3) == std::vector{"a"s});
  CHECK(texts_of("\1\0\0\0a\2\0\0\0b"s, 5) == std::vector{"a"s});
  CHECK(texts_of("\xff\xff\xff\xff"s, 4).empty());
  CHECK(texts_of("").empty());
}

}  // namespace
}  // namespace perigee
