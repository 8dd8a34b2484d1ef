// Completions with several choices, and the fields of OpenAI's API that clients send, over the
// wire.
#include <map>

#include <doctest/doctest.h>

#include "engine/http/event_parser.h"
#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr const char* kText = "/v1/completions";
constexpr const char* kChat = "/v1/chat/completions";

std::string body_of(const std::string& members) {
  return R"({"model":"m","first_token":"0ms","token_interval":"0ms",)" + members + "}";
}

json complete(const TargetFixture& target, const char* path, const std::string& members) {
  const RawAnswer response = target.post(path, body_of(members));
  INFO(response.body);
  REQUIRE(response.status == 200);
  return json::parse(response.body);
}

// The param of the error that refuses a completion.
json refused_field(const TargetFixture& target, const char* path, const std::string& members) {
  const RawAnswer response = target.post(path, body_of(members));
  CHECK(response.status == 400);
  return json::parse(response.body).at("error").at("param");
}

// The chunks of a stream; that it ends with [DONE] is checked.
std::vector<json> stream(const TargetFixture& target, const char* path,
                         const std::string& members) {
  const RawAnswer response = target.post(path, body_of(members + R"(,"stream":true)"));
  REQUIRE(response.status == 200);
  std::string_view rest = response.body;
  http::EventParser parser;
  std::vector<json> chunks;
  bool done = false;
  while (parser.take(rest)) {
    CHECK_FALSE(done);
    done = parser.event().data == "[DONE]";
    if (!done) chunks.push_back(json::parse(parser.event().data));
  }
  CHECK(done);
  return chunks;
}

// The text that a stream sends for each choice, with its reason to finish behind it.
std::map<int, std::string> texts_of(const std::vector<json>& chunks) {
  std::map<int, std::string> texts;
  for (const json& chunk : chunks) {
    for (const json& choice : chunk.at("choices")) {
      std::string& text = texts[choice.at("index").get<int>()];
      text += choice.contains("text") ? choice["text"].get<std::string>()
                                      : choice["delta"].value("content", "");
      if (!choice.at("finish_reason").is_null())
        text += "/" + choice["finish_reason"].get<std::string>();
    }
  }
  return texts;
}

}  // namespace

TEST_CASE_FIXTURE(TargetFixture, "there is a choice for each prompt") {
  const json response = complete(*this, kText, R"("prompt":["a b","c d e"],"max_tokens":2)");
  REQUIRE(response["choices"].size() == 2);
  for (size_t i = 0; i < 2; ++i) {
    CHECK(response["choices"][i]["index"] == i);
    CHECK(response["choices"][i]["text"] == "the moon");
  }
  CHECK(response["usage"] ==
        json{{"prompt_tokens", 5}, {"completion_tokens", 4}, {"total_tokens", 9}});
}

TEST_CASE_FIXTURE(TargetFixture, "token ids are a prompt, and lists of them are several") {
  const json one = complete(*this, kText, R"("prompt":[1,2,3,4],"max_tokens":1)");
  CHECK(one["choices"].size() == 1);
  CHECK(one["usage"]["prompt_tokens"] == 4);
  const json two = complete(*this, kText, R"("prompt":[[1,2,3],[4]],"max_tokens":1)");
  CHECK(two["choices"].size() == 2);
  CHECK(two["usage"] == json{{"prompt_tokens", 4}, {"completion_tokens", 2}, {"total_tokens", 6}});
}

TEST_CASE_FIXTURE(TargetFixture, "n is the number of choices of each prompt") {
  const json chat =
      complete(*this, kChat, R"("messages":[{"content":"a b"}],"n":3,"max_tokens":1)");
  REQUIRE(chat["choices"].size() == 3);
  CHECK(chat["choices"][2]["index"] == 2);
  CHECK(chat["choices"][2]["message"]["content"] == "the");
  CHECK(chat["usage"]["prompt_tokens"] == 2);
  CHECK(chat["usage"]["completion_tokens"] == 3);
  CHECK(complete(*this, kText, R"("prompt":["a","b"],"n":2)")["choices"].size() == 4);
}

TEST_CASE_FIXTURE(TargetFixture, "a stream has the chunks of every choice") {
  const auto text = stream(*this, kText, R"("prompt":["a","b"],"max_tokens":2)");
  CHECK(text.size() == 6);
  CHECK(texts_of(text) ==
        std::map<int, std::string>{{0, "the moon/length"}, {1, "the moon/length"}});
  const auto chat = stream(*this, kChat, R"("messages":[{}],"n":2,"max_tokens":2)");
  CHECK(chat.size() == 8);
  CHECK(texts_of(chat) == texts_of(text));
}

TEST_CASE_FIXTURE(TargetFixture, "usage is null in every chunk but the last, if it was asked for") {
  for (const char* path : {kText, kChat}) {
    const std::string members = R"("prompt":"a b","messages":[{"content":"a b"}],"max_tokens":2)";
    const auto with = stream(*this, path, members + R"(,"stream_options":{"include_usage":true})");
    REQUIRE(with.size() >= 4);
    for (size_t i = 0; i + 1 < with.size(); ++i) {
      CHECK(with[i].at("usage").is_null());
      CHECK(with[i].at("choices").size() == 1);
    }
    CHECK(with.back().at("choices") == json::array());
    CHECK(with.back().at("usage") ==
          json{{"prompt_tokens", 2}, {"completion_tokens", 2}, {"total_tokens", 4}});
    for (const char* options : {R"({"include_usage":false})", "{}", "null"}) {
      for (const json& chunk : stream(*this, path, members + R"(,"stream_options":)" + options))
        CHECK_FALSE(chunk.contains("usage"));
    }
  }
}

TEST_CASE_FIXTURE(TargetFixture, "a stop sequence ends the text, whole and streamed") {
  const std::string members = R"("prompt":"a","max_tokens":9,"stop":["never","n is"])";
  const json whole = complete(*this, kText, members);
  CHECK(whole["choices"][0]["text"] == "the moo");
  CHECK(whole["choices"][0]["finish_reason"] == "stop");
  CHECK(whole["usage"]["completion_tokens"] == 3);
  CHECK(texts_of(stream(*this, kText, members))[0] == "the moo/stop");
}

TEST_CASE_FIXTURE(TargetFixture, "echo repeats the prompt before the text") {
  const std::string members = R"("prompt":["say \"a\"","b"],"echo":true,"max_tokens":1)";
  const json whole = complete(*this, kText, members);
  CHECK(whole["choices"][0]["text"] == "say \"a\" the");
  CHECK(whole["choices"][1]["text"] == "b the");
  CHECK(texts_of(stream(*this, kText, members))[0] == "say \"a\" the/length");
  const json ids = complete(*this, kText, R"("prompt":[1,2],"echo":true,"max_tokens":1)");
  CHECK(ids["choices"][0]["text"] == "moon is the");
}

TEST_CASE_FIXTURE(TargetFixture, "either name of the limit counts") {
  for (const char* limit : {R"("max_tokens":2)", R"("max_completion_tokens":2)",
                            R"("max_tokens":null,"max_completion_tokens":2)"}) {
    const json response =
        complete(*this, kChat, R"("messages":[{"content":"a"}],)" + std::string(limit));
    CHECK(response["usage"]["completion_tokens"] == 2);
    CHECK(response["choices"][0]["finish_reason"] == "length");
  }
}

TEST_CASE_FIXTURE(TargetFixture, "what else clients send does no harm") {
  const json response = complete(
      *this, kChat,
      R"("messages":[{"role":"user","content":[{"type":"text","text":"a b"},{"type":"image_url",)"
      R"("image_url":{"url":"u"}}],"name":"x"}],"temperature":0.0,"top_p":1,"seed":7,"user":"me",)"
      R"("presence_penalty":0,"logit_bias":{},"logprobs":false,"tools":[],"tool_choice":"none",)"
      R"("response_format":{"type":"json_object"},"ignore_eos":true,"min_tokens":3,"stop":null,)"
      R"("n":null,"metadata":{"a":"b"},"max_tokens":1,"unheard_of":[[1]])");
  CHECK(response["usage"]["prompt_tokens"] == 2);
}

TEST_CASE_FIXTURE(TargetFixture, "half a surrogate pair in a message counts as a character") {
  const json response =
      complete(*this, kChat, R"("messages":[{"content":"a\ud83d"}],"max_tokens":1)");
  CHECK(response["usage"]["prompt_tokens"] == 1);
}

TEST_CASE_FIXTURE(TargetFixture, "an error names the field that is wrong") {
  CHECK(refused_field(*this, kText, R"("prompt":7)") == "prompt");
  CHECK(refused_field(*this, kChat, R"("messages":[{"content":7}])") == "messages");
  CHECK(refused_field(*this, kText, R"("prompt":"a","max_tokens":0)") == "max_tokens");
  CHECK(refused_field(*this, kText, R"("prompt":"a","n":1.5)") == "n");
  CHECK(refused_field(*this, kText, R"("prompt":"a","stop":[""])") == "stop");
  CHECK(refused_field(*this, kText, R"("prompt":"a","stop":7)") == "stop");
  CHECK(refused_field(*this, kText, R"("prompt":"a","stream_options":true)") == "stream_options");
  CHECK(refused_field(*this, kText, R"("prompt":"a"},x)").is_null());
}

TEST_CASE_FIXTURE(TargetFixture, "a small request does not ask for a response without bounds") {
  std::string prompts = "[1]";
  for (int i = 0; i < 2048; ++i)
    prompts += ",[1]";
  refused_field(*this, kText, R"("prompt":[)" + prompts + "]");
  refused_field(*this, kText, R"("prompt":"a","n":128,"max_tokens":100000)");
  const std::string large(600'000, 'a');
  CHECK(refused_field(*this, kText,
                      R"("prompt":")" + large + R"(","n":128,"max_tokens":1,"echo":true)") ==
        "echo");
}

TEST_CASE_FIXTURE(TargetFixture, "a nested body is refused without harm") {
  const std::string deep(200'000, '[');
  refused_field(*this, kText, R"("prompt":)" + deep);
  CHECK(post("/v2/models/iris/infer", R"({"inputs":)" + deep).status == 400);
  CHECK(get("/health").status == 200);
}

}  // namespace perigee
