#include "target/completion/prompts.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "target/bad_request.h"

namespace perigee {
namespace {

using nlohmann::json;

Prompts prompts(const char* text) {
  return read_prompts(json::parse(text), true);
}

uint64_t tokens_of_messages(const char* text) {
  return read_messages(json::parse(text)).tokens;
}

}  // namespace

TEST_CASE("a prompt is a text or token ids, and there may be several") {
  struct {
    const char* text;
    size_t count;
    uint64_t tokens;
  } cases[] = {{R"("a b c")", 1, 3}, {R"("")", 1, 0},       {R"(["a b","c d e"])", 2, 5},
               {"[1,2,3,4]", 1, 4},  {"[[1,2],[3]]", 2, 3}, {R"(["a"])", 1, 1}};
  for (const auto& [text, count, tokens] : cases) {
    const std::string written = text;
    CAPTURE(written);
    CHECK(prompts(text).count == count);
    CHECK(prompts(text).tokens == tokens);
    CHECK(prompts(text).texts.size() == count);
  }
}

TEST_CASE("what a prompt can't be is refused") {
  for (const char* text : {"[]", "[[]]", "7", "{}", "null", R"(["a",1])", R"([[1],"a"])", "[1.5]",
                           "[-1]", "[[1],2]", "[[[1]]]"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(prompts(text), BadRequest);
  }
}

TEST_CASE("texts are kept to be echoed, those of token ids in words") {
  CHECK(prompts(R"(["a b","c"])").texts == std::vector<std::string>{"a b ", "c "});
  CHECK(prompts("[0,1,17]").texts == std::vector<std::string>{"the moon moon "});
  CHECK(read_prompts(json("a"), false).texts.empty());
}

TEST_CASE("of messages the text of their content counts") {
  CHECK(tokens_of_messages(R"([{"role":"system","content":"a b"},{"content":"c"}])") == 3);
  CHECK(tokens_of_messages(R"([{"content":[{"type":"text","text":"a b"},{"type":"image_url",)"
                           R"("image_url":{"url":"data:x y"}},{"type":"text","text":"c"}]}])") ==
        3);
  CHECK(tokens_of_messages(R"([{"role":"assistant","content":null,"tool_calls":[{}]},{}])") == 0);
}

TEST_CASE("messages that are none are refused") {
  for (const char* text : {"[]", "null", R"("a")", R"(["a"])", R"([{"content":7}])",
                           R"([{"content":{"text":"a"}}])", R"([{"content":[7]}])"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(tokens_of_messages(text), BadRequest);
  }
}

}  // namespace perigee
