// OpenAI's API for completions, over the wire.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/http/event_parser.h"
#include "tests/support/raw_client.h"
#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

using nlohmann::json;

std::string request(const std::string& path, const std::string& body,
                    const std::string& version = "1.1") {
  return "POST " + path + " HTTP/" + version +
         "\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// The data of the events in a body.
std::vector<std::string> events_of(std::string_view body) {
  http::EventParser parser;
  std::vector<std::string> events;
  while (parser.take(body))
    events.push_back(parser.event().data);
  return events;
}

constexpr const char* kChat = "/v1/chat/completions";
constexpr const char* kQuick = R"("first_token":"0ms","token_interval":"0ms")";

std::string chat(const std::string& rest) {
  return std::string(R"({"model":"m","messages":[{"role":"user","content":"one two three"}],)") +
         kQuick + rest + "}";
}

}  // namespace

TEST_CASE("a chat completion is answered at once when it is not streamed") {
  TargetFixture target;
  RawClient client(target.port());
  client.send(request(kChat, chat(R"(,"max_tokens":3)")));
  const json answer = json::parse(client.read_answer().body);
  CHECK(answer.at("object") == "chat.completion");
  CHECK(answer.at("model") == "m");
  CHECK(answer.at("choices").at(0).at("message").at("content") == "the moon is");
  CHECK(answer.at("choices").at(0).at("finish_reason") == "length");
  CHECK(answer.at("usage") ==
        json{{"prompt_tokens", 3}, {"completion_tokens", 3}, {"total_tokens", 6}});
}

TEST_CASE("a streamed chat completion is a role, its tokens, a reason, the usage and an end") {
  TargetFixture target;
  RawClient client(target.port());
  client.send(request(kChat, chat(R"(,"max_tokens":2,"stream":true,)"
                                  R"("stream_options":{"include_usage":true})")));
  const auto response = client.read_answer();
  const auto events = events_of(response.body);
  REQUIRE(events.size() == 6);
  const json role = json::parse(events[0]);
  CHECK(role.at("object") == "chat.completion.chunk");
  CHECK(role.at("choices").at(0).at("delta").at("role") == "assistant");
  const json first = json::parse(events[1]);
  const json second = json::parse(events[2]);
  CHECK(first.at("choices").at(0).at("delta").at("content") == "the");
  CHECK(second.at("choices").at(0).at("delta").at("content") == " moon");
  CHECK(second.at("sent_ns").get<int64_t>() >= first.at("sent_ns").get<int64_t>());
  CHECK(first.at("id") == role.at("id"));
  CHECK(json::parse(events[3]).at("choices").at(0).at("finish_reason") == "length");
  const json usage = json::parse(events[4]);
  CHECK(usage.at("choices").empty());
  CHECK(usage.at("usage").at("completion_tokens") == 2);
  CHECK(events[5] == "[DONE]");
}

TEST_CASE("a text completion has text, and stops by itself where no limit is given") {
  TargetFixture target;
  RawClient client(target.port());
  client.send(request("/v1/completions",
                      std::string(R"({"model":"m","prompt":"a b","stream":true,)") + kQuick + "}"));
  const auto events = events_of(client.read_answer().body);
  REQUIRE(events.size() == 34);  // 32 tokens, the reason, the end
  CHECK(json::parse(events[0]).at("choices").at(0).at("text") == "the");
  CHECK(json::parse(events[0]).at("object") == "text_completion");
  CHECK(json::parse(events[32]).at("choices").at(0).at("finish_reason") == "stop");
}

TEST_CASE("requests on one connection follow each other, and streams are counted") {
  TargetFixture target;
  RawClient client(target.port());
  const std::string one = request(kChat, chat(R"(,"max_tokens":4,"stream":true)"));
  client.send(one + one);
  CHECK(events_of(client.read_answer().body).size() == 7);
  CHECK(events_of(client.read_answer().body).size() == 7);
  const TargetStats::Totals totals = target.target.stats().read();
  CHECK(totals.requests == 2);
  CHECK(totals.tokens.streams == 2);
  CHECK(totals.tokens.first.count() == 2);
  CHECK(totals.tokens.gaps.count() == 6);
}

TEST_CASE("tokens come no sooner than they are due") {
  TargetFixture target;
  RawClient client(target.port());
  client.send(request(kChat, R"({"model":"m","messages":[{"content":"a"}],"stream":true,)"
                             R"("max_tokens":3,"first_token":"20ms","token_interval":"5ms"})"));
  client.read_answer();
  const TokenTimes times = target.target.stats().read().tokens;
  CHECK(times.first.min() >= 20);
  CHECK(times.gaps.sum() >= 0);
  CHECK(times.first.min() + times.gaps.sum() >= 30);
}

TEST_CASE("to HTTP/1.0 a stream ends with the connection") {
  TargetFixture target;
  RawClient client(target.port());
  client.send(request(kChat, chat(R"(,"max_tokens":1,"stream":true)"), "1.0"));
  const std::string all = client.read_to_end();
  CHECK(all.find("Transfer-Encoding") == std::string::npos);
  CHECK(all.ends_with("data: [DONE]\n\n"));
}

TEST_CASE("requests that make no sense are refused as OpenAI's API does") {
  TargetFixture target;
  RawClient client(target.port());
  const auto message = [&](const std::string& body) {
    client.send(request(kChat, body));
    const auto response = client.read_answer();
    CHECK(response.status == 400);
    return json::parse(response.body).at("error").at("message").get<std::string>();
  };
  CHECK(message("[]") == "the body must be a JSON object");
  CHECK(message("{}") == "\"model\" must be the name of a model");
  CHECK(message(R"({"model":"m"})") == "\"messages\" must be a list of messages");
  CHECK(message(chat(R"(,"n":0)")) == "\"n\" must be a whole number from 1 to 128");
  CHECK(message(chat(R"(,"max_tokens":0)")) ==
        "\"max_tokens\" must be a whole number from 1 to 100000");
  CHECK(message(chat(R"(,"stream":1)")) == "\"stream\" must be true or false");
  CHECK(message(R"({"model":"m","messages":[{}],"first_token":"soon"})") ==
        "\"first_token\": \"soon\" is not a latency; write 5ms, normal:5ms,1ms (mean and "
        "deviation) or exponential:5ms");
}

TEST_CASE("the list of models has each as its own route describes it") {
  TargetFixture target;
  const json list = json::parse(target.get("/v1/models").body);
  CHECK(list.at("object") == "list");
  CHECK(list.at("data").at(0).at("id") == "perigee");
  CHECK(json::parse(target.get("/v1/models/perigee").body) == list.at("data").at(0));
}

TEST_CASE("a model that does not exist is OpenAI's error") {
  TargetFixture target;
  for (const char* name : {"gpt-7", "owner/gpt-7", "owner%2Fgpt-7"}) {
    CAPTURE(name);
    const RawAnswer response = target.get(std::string("/v1/models/") + name);
    CHECK(response.status == 404);
    const json error = json::parse(response.body).at("error");
    CHECK(error.at("code") == "model_not_found");
    CHECK(error.at("param") == "model");
    CHECK(error.at("message").get<std::string>().find("gpt-7\" does not exist") !=
          std::string::npos);
  }
}

}  // namespace perigee
