// What perigee.chat makes of the chunks that servers write, right or wrong.
#include <string>

#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {
namespace {

// `read{ chunks... }` folds events that come 10 ms apart: a text is data, a table { data, event },
// a number so many ms more. `show(result, name...)` joins fields of the result by blanks.
const std::string kReader = R"lua(
local chat = require "perigee.chat"
local function chunk(choice)
  return '{"object":"chat.completion.chunk","choices":[' .. choice .. ']}'
end
local function delta(fields, more)
  return chunk('{"index":0,"delta":{' .. fields .. '}' .. (more or "") .. '}')
end
local function token(text) return delta('"content":"' .. text .. '"') end
local ROLE = delta('"role":"assistant","content":""')
local END = delta('', ',"finish_reason":"stop"')
local DONE = "[DONE]"
local function usage(n)
  return '{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":' .. n .. '}}'
end
local function read(events, broken_off)
  local reader, time = chat.reader(), 0
  for _, event in ipairs(events) do
    time = time + 10
    if type(event) == "number" then
      time = time + event - 10
    elseif type(event) == "table" then
      reader:add(event[1], event[2], time)
    else
      reader:add(event, "message", time)
    end
  end
  return reader:finish(broken_off)
end
local function show(result, ...)
  local texts = {}
  for i, name in ipairs { ... } do texts[i] = tostring(result[name]) end
  return table.concat(texts, " ")
end
local function failure(result)
  return show(result, "whole", "failure_kind", "failure")
end
local function call_list(result)
  local texts = {}
  for i, call in ipairs(result.tool_calls) do
    texts[i] = call.id .. "=" .. call.name .. "(" .. call.arguments .. ")"
  end
  return table.concat(texts, " ")
end
)lua";

std::string fold(const std::string& expression) {
  return evaluate(expression, kReader);
}

// Whether the events make a whole stream, or why not.
std::string failure(const std::string& events) {
  return fold("failure(read{ " + events + " })");
}

const std::string kWhole = "true nil nil";

}  // namespace

TEST_CASE("a chat's chunks become a text, tokens and times") {
  CHECK(fold(R"lua(show(read{ ROLE, token("The "), token("sea"), END, usage(2), DONE },
    "whole", "text", "finish_reason", "tokens", "counted_by", "prompt_tokens", "chunks"))lua") ==
        "true The sea stop 2 usage 3 2");
  CHECK(fold(R"lua(show(read{ ROLE, 200, token("a"), 25, token("b"), END, usage(2), DONE },
    "time_to_first_token", "time_to_first_text", "time_per_output_token",
    "tokens_per_second"))lua") == "220 220 35 28.571428571428573");
}

TEST_CASE("the gaps of a chat are those between its tokens") {
  CHECK(fold(R"lua(table.concat(read{ ROLE, 500, token("a"), token("b"), ROLE, 5, token("c"),
    END, usage(3), DONE }.gaps, " "))lua") == "10 25");
  CHECK(fold(R"lua(#read{ ROLE, token("a"), END, usage(1), DONE }.gaps)lua") == "0");
}

TEST_CASE("chunks may leave out what others have, or write null") {
  // A choice without a delta, as content filters write it.
  CHECK(failure(R"lua(ROLE, token("a"), chunk '{"index":0,"finish_reason":null,"filter":{}}', END,
    DONE)lua") == kWhole);
  CHECK(failure(R"lua(token("a"), chunk '{"index":0,"delta":null,"finish_reason":"stop"}',
    DONE)lua") == kWhole);
  CHECK(failure(R"lua(token("a"), END, '{"choices":null,"usage":{"completion_tokens":1}}',
    DONE)lua") == kWhole);
  CHECK(failure(R"lua('{"choices":[]}', '{"choices":[{"index":0,"delta":{}}]}', '{}', token("a"),
    chunk '{"delta":{"content":"b"},"finish_reason":"length"}', '{"usage":null}', DONE)lua") ==
        kWhole);
  CHECK(failure(R"lua(delta('"content":"a","tool_calls":null,"reasoning":null'),
    chunk '{"index":null,"delta":{"content":null},"finish_reason":"stop","logprobs":null}',
    DONE)lua") == kWhole);
  CHECK(failure(R"lua('{"choices":[null,5,"x"]}', token("a"), END, DONE)lua") == kWhole);
}

TEST_CASE("an error of null, an empty one or false is none") {
  for (const char* none : {"null", "\"\"", "{}", "false", "0", "[]"}) {
    CAPTURE(none);
    CHECK(failure(R"lua('{"error":)lua" + std::string(none) +
                  R"lua(,"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}',
      DONE)lua") == kWhole);
  }
}

TEST_CASE("an error within a stream is a failure, however it is written") {
  const std::string reported = "false error out of memory";
  for (const char* error :
       {R"({"error":{"message":"out of memory","code":500}})", R"({"error":"out of memory"})",
        R"({"error":{"error":{"detail":"out of memory"}}})", R"({"detail":"out of memory"})",
        R"({"object":"error","message":"out of memory","code":500})",
        R"({"detail":[{"loc":["body"],"msg":"out of memory"}]})",
        R"({"choices":null,"message":"out of memory"})",
        R"({"choices":[{"delta":{"content":""},"error":{"message":"out of memory"}}]})"}) {
    CAPTURE(error);
    CHECK(failure("ROLE, token('a'), '" + std::string(error) + "', END, DONE") == reported);
  }
  CHECK(failure("'{\"error\":{\"code\":7}}', END, DONE") == "false error {\"error\":{\"code\":7}}");
  CHECK(failure("'{\"error\":true}', END, DONE") == "false error {\"error\":true}");
}

TEST_CASE("an event of the type error is a failure, whatever its data") {
  CHECK(failure(R"lua(token("a"), { '{"code":500,"message":"engine died"}', "error" }, END,
    DONE)lua") == "false error engine died");
  CHECK(failure(R"lua({ "engine died", "error" }, DONE)lua") == "false error engine died");
  CHECK(failure(R"lua({ "", "error" }, END, DONE)lua") == "false error ");
  CHECK(failure(R"lua({ '{"code":500}', "error" }, DONE)lua") == "false error {\"code\":500}");
}

TEST_CASE("a finish_reason that says error or abort is a failure") {
  CHECK(failure(R"lua(token("a"), delta('', ',"finish_reason":"error"'), DONE)lua") ==
        "false error finish_reason is error");
  CHECK(failure(R"lua(token("a"), delta('', ',"finish_reason":"abort"'), DONE)lua") ==
        "false error finish_reason is abort");
}

TEST_CASE("an event that is no JSON object is a failure, and the first failure counts") {
  CHECK(failure(R"lua(token("a"), 'Internal Server Error', END, DONE)lua")
            .starts_with("false unreadable not JSON: "));
  CHECK(failure(R"lua(token("a"), 'Internal Server Error', END, DONE)lua")
            .ends_with(", in the event: Internal Server Error"));
  CHECK(failure("'5', END, DONE") ==
        "false unreadable a chunk must be a JSON object, in the event: 5");
  CHECK(failure("'\"x\"', '{\"error\":\"late\"}', END, DONE") ==
        "false unreadable a chunk must be a JSON object, in the event: \"x\"");
  CHECK(fold(R"lua(#read{ ("é"):rep(500), END, DONE }.failure < 400)lua") == "true");
  CHECK(fold(R"lua(read{ "x" .. ("é"):rep(500), END, DONE }.failure:sub(-5))lua") == "é...");
}

TEST_CASE("[DONE] may have blanks around it, and what follows it does not count") {
  CHECK(failure("token('a'), END, '[DONE] '") == kWhole);
  CHECK(failure("token('a'), END, '  [DONE]\\n'") == kWhole);
  CHECK(fold(R"lua(show(read{ token("a"), END, DONE, token("b"), { "x", "error" }, "rubbish" },
    "whole", "text"))lua") == "true a");
}

TEST_CASE("what keeps a connection alive is no chunk") {
  CHECK(failure("'', ROLE, ' ', { '', 'ping' }, { 'x', 'heartbeat' }, token('a'), END, DONE") ==
        kWhole);
}

TEST_CASE("a stream that ends before its end is a failure") {
  CHECK(failure("ROLE, token('a'), END") == "false unfinished the stream ended without [DONE]");
  CHECK(failure("ROLE, token('a'), DONE") ==
        "false unfinished [DONE] came without a finish_reason");
  CHECK(failure("DONE") == "false unfinished [DONE] came without a finish_reason");
  CHECK(failure("ROLE, token('a'), delta('', ',\"finish_reason\":\"\"'), DONE") ==
        "false unfinished [DONE] came without a finish_reason");
  CHECK(failure("") == "false empty the stream had no events");
  CHECK(fold("failure(read({ ROLE, token('a') }, 'unexpected EOF'))") ==
        "false connection unexpected EOF");
  CHECK(fold("failure(read({ token('a'), END, DONE }, 'unexpected EOF'))") == kWhole);
  CHECK(fold("failure(read({ '{\"error\":\"died\"}' }, 'unexpected EOF'))") == "false error died");
}

TEST_CASE("half an emoji in each of two chunks is text") {
  CHECK(fold(R"lua(show(read{ token("a"), token("\\ud83d"), token("\\ude00"), END, usage(3), DONE },
    "whole", "chunks", "tokens"))lua") == "true 3 3");
}

TEST_CASE("usage says how many tokens came in a chunk") {
  const std::string events = R"lua(read{ ROLE, 100, token("four tokens at once"), 100,
    token(" and four more"), 100, token(" and the last"), END, usage(12), DONE })lua";
  CHECK(fold("show(" + events +
             ", 'tokens', 'counted_by', 'chunks', 'tokens_per_second', "
             "'time_per_output_token')") == "12 usage 3 50 20");
  CHECK(fold("table.concat(" + events + ".gaps, ' ')") == "110 110");
}

TEST_CASE("tokens are counted by chunk where there is no usage of the whole") {
  const std::string counts = "'tokens', 'counted_by')";
  CHECK(fold("show(read{ ROLE, token('a'), token('b'), END, DONE }, " + counts) == "2 chunks");
  CHECK(fold("show(read{ token('a'), END, '{\"choices\":[],\"usage\":null}', DONE }, " + counts) ==
        "1 chunks");
  CHECK(fold("show(read{ token('a'), token('b'), END, usage(0), DONE }, " + counts) == "2 chunks");
  CHECK(fold("show(read{ usage(1), token('a'), token('b'), token('c') }, " + counts) == "3 chunks");
  CHECK(fold("show(read{ ROLE, END, usage(0), DONE }, " + counts) == "0 usage");
}

TEST_CASE("usage that counts one choice of several is not that of the whole") {
  const std::string choices = R"lua(
    chunk '{"index":1,"delta":{"content":"a"}}', chunk '{"index":0,"delta":{"content":"b"}}',
    chunk '{"index":1,"delta":{"content":"c"},"finish_reason":"length"}')lua";
  const std::string end = R"lua(
    chunk '{"index":0,"delta":{"content":"d"},"finish_reason":"length"}')lua";
  const std::string counts = "DONE }, 'tokens', 'counted_by')";
  CHECK(fold("show(read{ " + choices + ", usage(2), " + end + ", usage(2), " + counts) ==
        "4 chunks");
  CHECK(fold("show(read{ " + choices + ", " + end + ", usage(6), " + counts) == "6 usage");
}

TEST_CASE("an event of null says nothing") {
  CHECK(fold("show(read{ 'null', ROLE, token('a'), END, ' null ', DONE }, 'whole', 'text', "
             "'chunks')") == "true a 1");
}

TEST_CASE("usage may come in every chunk and grow, beside the choices or in them") {
  CHECK(fold(R"lua(show(read{
    '{"choices":[{"delta":{"content":"a b"}}],"usage":{"completion_tokens":2}}',
    '{"choices":[{"delta":{"content":" c"}}],"usage":{"completion_tokens":3}}',
    '{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}', DONE },
    "tokens", "counted_by"))lua") == "3 usage");
  for (const char* last :
       {R"({"choices":[{"finish_reason":"stop","usage":{"completion_tokens":9}}]})",
        R"({"choices":[{"finish_reason":"stop",
                               "delta":{"usage":{"completion_tokens":9}}}]})",
        R"({"choices":[{"finish_reason":"stop","delta":{}}],
                               "x_groq":{"usage":{"completion_tokens":9}}})"}) {
    CAPTURE(last);
    CHECK(fold("show(read{ token('a'), [[" + std::string(last) +
               "]], DONE }, 'tokens', 'counted_by', 'whole')") == "9 usage true");
  }
}

TEST_CASE("a first token may be reasoning or a tool call") {
  CHECK(fold(R"lua(show(read{ ROLE, 50, delta '"reasoning_content":"hm","content":null',
    delta '"reasoning":" so"', token("Yes"), END, usage(3), DONE },
    "reasoning", "text", "time_to_first_token", "time_to_first_text"))lua") == "hm so Yes 70 90");
  CHECK(fold(R"lua(show(read{ delta '"reasoning":"hm","reasoning_content":"hm"',
    delta('', ',"finish_reason":"length"'), usage(1), DONE },
    "reasoning", "time_to_first_token", "time_to_first_text", "whole"))lua") == "hm 10 nil true");
  CHECK(fold(R"lua(show(read{ delta '"content":[{"type":"thinking","thinking":[{"text":"hm"}]}]',
    delta '"content":[{"type":"text","text":"Y"},{"text":"es"}]', END, DONE },
    "reasoning", "text"))lua") == "hm Yes");
  CHECK(fold(R"lua(show(read{ delta '"refusal":"I will"', delta '"refusal":" not"', END, DONE },
    "text", "chunks"))lua") == "I will not 2");
}

TEST_CASE("the parts of tool calls are joined, and each is a token") {
  const std::string events = R"lua(read{ ROLE,
    delta '"tool_calls":[{"index":0,"id":"a","function":{"name":"tide","arguments":""}}]',
    delta '"tool_calls":[{"index":0,"function":{"arguments":"{\\"at\\":"}}]',
    delta [["tool_calls":[{"index":0,"function":{"arguments":"1}"}},
            {"index":1,"id":"b","function":{"name":"moon","arguments":"{}"}}] ]],
    delta '"tool_calls":[{"index":1,"function":{"arguments":""}}]',
    delta('"tool_calls":[]', ',"finish_reason":"tool_calls"'), DONE })lua";
  CHECK(fold("call_list(" + events + ")") == "a=tide({\"at\":1}) b=moon({})");
  CHECK(fold("show(" + events + ", 'time_to_first_token', 'chunks', 'finish_reason')") ==
        "20 3 tool_calls");
}

TEST_CASE("tool calls without indexes, or all with the same, are told apart by their ids") {
  CHECK(fold(R"lua(call_list(read{
    delta '"tool_calls":[{"id":"a","function":{"name":"tide","arguments":"{"}}]',
    delta '"tool_calls":[{"function":{"arguments":"}"}}]',
    delta '"tool_calls":[{"id":"b","function":{"name":"moon","arguments":"{}"}}]',
    END, DONE }))lua") == "a=tide({}) b=moon({})");
  CHECK(fold(R"lua(call_list(read{
    delta '"tool_calls":[{"index":0,"id":"a","function":{"name":"tide","arguments":"{}"}}]',
    delta '"tool_calls":[{"index":0,"id":"b","function":{"name":"moon","arguments":"{}"}}]',
    END, DONE }))lua") == "a=tide({}) b=moon({})");
  CHECK(fold(R"lua(call_list(read{ delta '"function_call":{"name":"tide","arguments":""}',
    delta '"function_call":{"arguments":"{}"}', END, DONE }))lua") == "=tide({})");
}

TEST_CASE("tokens of reasoning that is not shown do not count for the speed") {
  CHECK(fold(R"lua(show(read{ 1000, token("a"), token("b"), token("c"), END,
    '{"usage":{"completion_tokens":103,"completion_tokens_details":{"reasoning_tokens":100}}}',
    DONE }, "tokens", "reasoning_tokens", "time_per_output_token"))lua") == "103 100 10");
  CHECK(fold(R"lua(show(read{ delta '"reasoning":"hm"', token("b"), token("c"), END,
    '{"usage":{"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":1}}}',
    DONE }, "time_per_output_token"))lua") == "10");
}

TEST_CASE("a single token, or tokens that come at once, have no speed") {
  CHECK(fold(R"lua(show(read{ token("a"), END, usage(1), DONE }, "time_to_first_token",
    "time_per_output_token", "tokens_per_second"))lua") == "10 nil nil");
  CHECK(fold(R"lua(show(read{ token("all of it"), END, usage(5), DONE },
    "tokens", "time_per_output_token"))lua") == "5 nil");
  CHECK(fold(R"lua(show(read{ token("a"), -10, token("b"), END, usage(2), DONE },
    "tokens_per_second"))lua") == "nil");
  CHECK(fold(R"lua(show(read{ ROLE, END, usage(0), DONE }, "time_to_first_token", "tokens",
    "whole", "text"))lua") == "nil 0 true ");
}

TEST_CASE("completions have texts without a delta") {
  CHECK(fold(R"lua(show(read{ chunk '{"index":0,"text":"The "}', chunk '{"index":0,"text":"sea"}',
    '{"choices":[{"text":"","finish_reason":"length"}],"usage":{"completion_tokens":2}}', DONE },
    "text", "tokens", "counted_by", "chunks", "whole"))lua") == "The sea 2 usage 2 true");
}

TEST_CASE("several choices have their own texts, gaps and ends") {
  const std::string choices = R"lua(
    chunk '{"index":1,"delta":{"content":"x"}}', chunk '{"index":0,"delta":{"content":"a"}}', 100,
    chunk '{"index":0,"delta":{"content":"b"}}', chunk '{"index":1,"delta":{"content":"y"}}',
    chunk '{"index":1,"delta":{},"finish_reason":"length"}',)lua";
  const std::string end = R"lua( END, usage(4), DONE)lua";
  CHECK(fold("show(read{" + choices + end + "}, 'text', 'finish_reason', 'tokens', 'whole')") ==
        "ab stop 4 true");
  CHECK(fold("show(read{" + choices + end + "}.choices[2], 'index', 'text', 'finish_reason')") ==
        "1 xy length");
  CHECK(fold("table.concat(read{" + choices + end + "}.gaps, ' ')") == "110 130");
  CHECK(fold("show(read{" + choices + end + "}, 'time_per_output_token', 'tokens_per_second')") ==
        "130 15.384615384615385");
  CHECK(failure(choices + "DONE") == "false unfinished [DONE] came without a finish_reason");
}

TEST_CASE("chunks of no known shape are never an error of the script") {
  for (const char* chunk :
       {"{}", "[]", "[[]]", "\"x\"", R"({"choices":{}})", R"({"choices":"x"})",
        R"({"choices":[5]})", R"({"choices":[{"delta":5}]})",
        R"({"choices":[{"delta":{"content":5}}]})",
        R"({"choices":[{"delta":{"content":[5,null,{"text":5},{"thinking":{"a":1}}]}}]})",
        R"({"choices":[{"delta":{"tool_calls":5}}]})",
        R"({"choices":[{"delta":{"tool_calls":[5,{"function":5},{"index":"x","function":{}}]}}]})",
        R"({"choices":[{"delta":{"function_call":[]}}]})",
        R"({"choices":[{"index":"x","finish_reason":5,"text":{}}]})", R"({"usage":5})",
        R"({"usage":{"completion_tokens":"x"}})", R"({"error":[null]})", R"({"x_groq":5})",
        R"({"usage":{"completion_tokens":1,"completion_tokens_details":5}})"}) {
    CAPTURE(chunk);
    CHECK(fold("type(read{ [==[" + std::string(chunk) + "]==], token('a'), END, DONE }.text)") ==
          "string");
  }
}

TEST_CASE("a reader says how it is called") {
  CHECK(fold("chat.reader().add('x', 'y', 1)").find("script.lua:") == 0);
  CHECK(fold("chat.reader().add('x', 'y', 1)").find("with a colon") != std::string::npos);
  CHECK(fold("chat.reader():add(nil, 'message', 1)")
            .find("reader:add: data must be a string, got nil") != std::string::npos);
  CHECK(fold("chat.reader():add('x', 'message')")
            .find("reader:add: time must be a number of milliseconds, got nil") !=
        std::string::npos);
  CHECK(fold("chat.reader().finish()").find("with a colon") != std::string::npos);
  CHECK(fold("chat.read('x')")
            .find("chat.read: stream must be what http.stream returns, got the string") !=
        std::string::npos);
  CHECK(fold("chat.read({})").ends_with("must be what http.stream returns, got another table"));
}

}  // namespace perigee
