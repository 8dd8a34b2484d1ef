// chat_stream.lua against the target, and against servers that write chunks as some really do.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/scenarios/scenario_run.h"
#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"
#include "tests/support/streamed_answer.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

using Texts = std::vector<std::string>;

std::string event(const std::string& data) {
  return "data: " + data + "\n\n";
}

std::string choice(const std::string& fields) {
  return event(R"({"object":"chat.completion.chunk","choices":[{"index":0,)" + fields + "}]}");
}

std::string token(const std::string& text) {
  return choice(R"("delta":{"content":")" + text + "\"}");
}

std::string usage(int tokens) {
  return event(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":)" +
               std::to_string(tokens) + "}}");
}

const std::string kRole = choice(R"("delta":{"role":"assistant","content":""})");
const std::string kEnd = choice(R"("delta":{},"finish_reason":"stop")");
const std::string kDone = event("[DONE]");

// A response whose parts arrive in segments of their own.
RawServer::Script streamed(const Texts& parts) {
  RawServer::Script script{RawServer::request(), RawServer::send(kStreamHead)};
  for (const std::string& part : parts)
    script.push_back(RawServer::send(chunk(part)));
  script.push_back(RawServer::send(kStreamEnd));
  return script;
}

RawServer::Script one_piece(const std::string& status, const std::string& body) {
  return answers({answer(status, "Content-Type: application/json\r\n", body)});
}

ScenarioRun run_against(const RawServer& server, const Texts& flags,
                        std::map<std::string, std::string> environment = {}) {
  environment["OPENAI_ENDPOINT"] = server.url("");
  return run_scenario("chat_stream.lua", flags, {.environment = std::move(environment)});
}

// One iteration.
ScenarioRun run_against(RawServer::Script script,
                        std::map<std::string, std::string> environment = {}) {
  if (script.back().kind != RawServer::Step::Kind::kHangUp) script.push_back(RawServer::hang());
  const RawServer server({std::move(script)});
  return run_against(server, {"-u", "1", "-i", "1"}, std::move(environment));
}

Texts bytes_of(const std::string& text) {
  Texts bytes;
  for (const char byte : text)
    bytes.emplace_back(1, byte);
  return bytes;
}

struct WholeStream {
  const char* name;
  Texts parts;
  uint64_t tokens;
};

const std::vector<WholeStream>& whole_streams() {
  static const std::vector<WholeStream> kStreams{
      {"a choice without a delta",
       {kRole, token("a"), choice(R"("finish_reason":null,"content_filter_results":{})"), kEnd,
        kDone},
       1},
      {"a delta of null",
       {kRole, token("a"), choice(R"("delta":null,"finish_reason":"stop")"), kDone},
       1},
      {"choices of null",
       {kRole, token("a"), kEnd, event(R"({"choices":null,"usage":{"completion_tokens":1}})"),
        kDone},
       1},
      {"an error of null in each chunk",
       {event(R"({"choices":[{"delta":{"content":"a"}}],"error":null})"), kEnd, kDone},
       1},
      {"a blank behind [DONE]", {token("a"), token("b"), kEnd, "data: [DONE] \n\n"}, 2},
      {"half an emoji in each of two chunks",
       {kRole, token("\\ud83d"), token("\\ude00"), kEnd, kDone},
       2},
      {"several tokens in a chunk", {kRole, token("four tokens"), kEnd, usage(4), kDone}, 4},
      {"nothing but reasoning",
       {kRole, choice(R"("delta":{"reasoning_content":"hm","content":null})"),
        choice(R"("delta":{},"finish_reason":"length")"), usage(1), kDone},
       1},
      {"a tool call and no text",
       {choice(R"("delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]})"),
        choice(R"("delta":{},"finish_reason":"tool_calls")"), kDone},
       1},
      {"lines that end with CRLF, comments, and data without a blank",
       {": ping\r\n\r\n", "data:" + token("a").substr(6, token("a").size() - 8) + "\r\n\r\n", kEnd,
        "data:[DONE]\r\n\r\n"},
       1},
      {"a chunk of the body for each byte", bytes_of(token("a") + kEnd + kDone), 1}};
  return kStreams;
}

struct FailedStream {
  const char* name;
  RawServer::Script script;
  const char* message;
};

const std::vector<FailedStream>& failed_streams() {
  static const std::vector<FailedStream> kStreams{
      {"an event of the type error",
       streamed({token("a"), "event: error\ndata: {\"code\":500,\"message\":\"died\"}\n\n", kDone}),
       "a stream failed: died"},
      {"an error object",
       streamed({token("a"), event(R"({"error":{"message":"out of memory"}})"), kEnd, kDone}),
       "a stream failed: out of memory"},
      {"an error that is a text", streamed({event(R"({"error":"out of memory"})"), kEnd, kDone}),
       "a stream failed: out of memory"},
      {"an event that is not JSON", streamed({token("a"), event("oops"), kEnd, kDone}),
       "in the event: oops"},
      {"no [DONE]", streamed({token("a"), kEnd}),
       "a stream failed: the stream ended without [DONE]"},
      {"no finish_reason", streamed({token("a"), kDone}),
       "a stream failed: [DONE] came without a finish_reason"},
      {"no event", streamed({}), "a stream failed: the stream had no events"},
      {"a JSON response with an error",
       one_piece("200 OK", R"({"error":{"message":"no such model"}})"),
       "a stream failed: no such model"},
      {"a JSON response instead of a stream",
       one_piece("200 OK", R"({"choices":[{"message":{"content":"a"}}]})"),
       "a stream failed: the response is application/json, not a stream of events: "},
      {"a status that is no success",
       one_piece("429 Too Many Requests", R"({"error":{"message":"slow down"}})"),
       "a stream failed: status 429: slow down"},
      {"a connection that breaks off",
       {RawServer::request(), RawServer::send(kStreamHead + chunk(token("a"))),
        RawServer::hang_up()},
       "a stream failed: unexpected EOF"}};
  return kStreams;
}

}  // namespace

TEST_CASE("chat_stream.lua reads every token and knows when it came") {
  const TargetProcess target;
  const ScenarioRun run =
      run_scenario("chat_stream.lua", {"-u", "4", "-i", "8", "--no-thresholds"},
                   {.environment = {{"OPENAI_ENDPOINT", target.url() + "/v1/"}}});
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.passes("checks") == 24);
  CHECK(run.count("http_reqs") == 8);
  CHECK(run.count("tokens") == 8 * 64);
  CHECK(run.count("failed_streams") == 0);
  // The role, the reason, the usage and the end are events too.
  CHECK(run.count("http_stream_events") == 8 * 68);
  const auto& metrics = run.summary["metrics"];
  CHECK(metrics["time_to_first_token"]["min"] >= 50);
  CHECK(metrics["time_per_output_token"]["min"] > 0);
  CHECK(metrics["inter_token_latency"]["max"] >= 10);
  const auto stats = target.stats();
  CHECK(stats["first_token_ms"]["count"] == 8);
  CHECK(stats["token_gap_ms"]["count"] == 8 * 63);
}

TEST_CASE("chat_stream.lua takes whole streams of every form for successes") {
  for (const WholeStream& stream : whole_streams()) {
    CAPTURE(stream.name);
    // How fast this machine is, is not what is tested.
    const RawServer server({streamed(stream.parts)});
    const ScenarioRun run = run_against(server, {"-u", "1", "-i", "1", "--no-thresholds"});
    INFO(run.process.err);
    CHECK(run.process.exit_code == 0);
    CHECK(run.count("iterations") == 1);
    CHECK(run.count("iteration_errors") == 0);
    CHECK(run.passes("checks") == 3);
    CHECK(run.fails("checks") == 0);
    CHECK(run.count("failed_streams") == 0);
    CHECK(run.count("tokens") == stream.tokens);
  }
}

TEST_CASE("chat_stream.lua takes streams that fail in any way for failures") {
  for (const FailedStream& stream : failed_streams()) {
    CAPTURE(stream.name);
    const ScenarioRun run = run_against(stream.script);
    INFO(run.process.err);
    CHECK(run.process.exit_code == 99);
    CHECK(run.count("iterations") == 1);
    CHECK(run.count("iteration_errors") == 0);
    CHECK(run.check_fails("the stream was whole") == 1);
    CHECK(run.passes("checks") + run.fails("checks") == 3);
    CHECK(run.count("failed_streams") == 1);
    CHECK(run.process.err.find(stream.message) != std::string::npos);
  }
}

TEST_CASE("the thresholds of chat_stream.lua fail when half of the streams do") {
  RawServer::Script script;
  for (int i = 0; i < 20; ++i) {
    const RawServer::Script next =
        streamed(i % 2 == 0 ? Texts{token("a"), kEnd, kDone} : Texts{token("a")});
    script.insert(script.end(), next.begin(), next.end());
  }
  const RawServer server({script});
  const ScenarioRun run = run_against(server, {"-u", "1", "-i", "20"});
  INFO(run.process.err);
  CHECK(run.process.exit_code == 99);
  CHECK(run.count("iterations") == 20);
  CHECK(run.check_passes("the stream was whole") == 10);
  CHECK(run.check_fails("the stream was whole") == 10);
  // The log has the first failure of a kind only.
  CHECK(run.process.err.find("a stream failed") == run.process.err.rfind("a stream failed"));
}

TEST_CASE("a refused connection fails the checks of chat_stream.lua") {
  const ScenarioRun run =
      run_scenario("chat_stream.lua", {"-u", "1", "-i", "2"},
                   {.environment = {{"OPENAI_ENDPOINT", "http://127.0.0.1:1"}}});
  CHECK(run.process.exit_code == 99);
  CHECK(run.fails("checks") == 6);
  CHECK(run.process.err.find("connection refused") != std::string::npos);
}

TEST_CASE("chat_stream.lua sends the key, and the model that it is told") {
  RawServer server({streamed({token("a"), kEnd, kDone})});
  run_against(server, {"-u", "1", "-i", "1"}, {{"OPENAI_API_KEY", "sesame"}, {"MODEL", "tides"}});
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests()[0].find("Authorization: Bearer sesame\r\n") != std::string::npos);
  CHECK(server.requests()[0].find("\"model\":\"tides\"") != std::string::npos);
}

TEST_CASE("variables change the time limits of chat_stream.lua") {
  const ScenarioRun idle =
      run_against({RawServer::request(), RawServer::send(kStreamHead + chunk(kRole))},
                  {{"STREAM_IDLE_TIMEOUT", "50ms"}});
  CHECK(idle.check_fails("the stream was whole") == 1);
  CHECK(idle.process.err.find("nothing arrived for 50 ms") != std::string::npos);
  const ScenarioRun silent = run_against({RawServer::request()}, {{"STREAM_TIMEOUT", "50ms"}});
  CHECK(silent.check_fails("status is 200") == 1);
  CHECK(silent.process.err.find("request timeout") != std::string::npos);
  const ScenarioRun wrong = run_against({RawServer::request()}, {{"STREAM_TIMEOUT", "soon"}});
  CHECK(wrong.process.exit_code == 99);
  CHECK(wrong.count("iteration_errors") == 1);
}

}  // namespace perigee
