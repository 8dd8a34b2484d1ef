// HTTP of llama.cpp's server; see tests/peers/with_llama. It closes a connection right behind each
// answer that it has streamed, though it says that it keeps it.
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

constexpr const char* kPrelude = R"lua(
  local chat = require "perigee.chat"
  local http = require "perigee.http"
  local json = require "perigee.json"
  local url  = __ENV.OPENAI_ENDPOINT .. "/v1"
  local function expect(res, status)
    assert(res.status == status, res.status .. " " .. res.error .. (res.body or ""))
    return res
  end
  -- The text of a streamed completion, which must be whole, and its usage.
  local function stream_text(tokens)
    local stream = http.stream("POST", url .. "/completions", json.encode({
      prompt = "Why?", max_tokens = tokens, stream = true,
      stream_options = { include_usage = true } }))
    assert(stream.status == 200, stream.status .. stream.error)
    local text, usage, done = "", nil, false
    for event in stream:events() do
      if event.data == "[DONE]" then done = true else
        local chunk = json.decode(event.data)
        text = text .. (chunk.choices[1] and chunk.choices[1].text or "")
        usage = chunk.usage or usage
      end
    end
    assert(done and stream.error == "", stream.error)
    return text, usage
  end
)lua";

// Iterations of this body; they must end without an error.
struct Iterations : ScriptRun {
  Iterations(const std::string& options, const std::string& body)
      : ScriptRun(kPrelude + ("return { options = " + options) + ", default = function()\n" + body +
                  "\nend }") {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

}  // namespace

TEST_CASE("llama.cpp completes a prompt on a connection that it keeps") {
  Iterations run("{ vus = 2, iterations = 200 }", R"lua(
    local res = http.post(url .. "/completions", json.encode({ prompt = "Why?", max_tokens = 4 }))
    assert(#expect(res, 200):json("choices.0.text") > 0)
    assert(res:json("usage.completion_tokens") == 4)
  )lua");
  CHECK(run.count("http_reqs") == 200);
  CHECK(run.passes("http_req_failed") == 0);
}

TEST_CASE("llama.cpp streams a completion and its usage") {
  const Iterations run("{ iterations = 1 }", R"lua(
    local text, usage = stream_text(20)
    assert(#text == 20 and usage.completion_tokens == 20 and usage.prompt_tokens == 4, text)
  )lua");
}

TEST_CASE("the tokens of several prompts are counted, though llama.cpp's usage is that of one") {
  const Iterations run("{ iterations = 1 }", R"lua(
    local result = chat.read(http.stream("POST", url .. "/completions", json.encode({
      prompt = { "Why?", "How?" }, max_tokens = 4, stream = true })))
    assert(result.whole, result.failure)
    assert(#result.choices == 2 and result.tokens == 8, result.tokens)
  )lua");
}

TEST_CASE("no streamed POST of 64 users is lost, though llama.cpp closes behind each") {
  Iterations run("{ vus = 64, iterations = 2000 }", R"lua(
    stream_text(4)
  )lua");
  CHECK(run.count("iterations") == 2000);
  CHECK(run.count("http_reqs") == 2000);
  CHECK(run.passes("http_req_failed") == 0);
}

TEST_CASE("answers that are streamed and such as are not share connections to llama.cpp") {
  Iterations run("{ vus = 8, iterations = 200 }", R"lua(
    stream_text(4)
    for _ = 1, 3 do
      expect(http.post(url .. "/completions", json.encode({ prompt = "Why?", max_tokens = 1 })), 200)
    end
  )lua");
  CHECK(run.count("http_reqs") == 800);
  CHECK(run.passes("http_req_failed") == 0);
}

TEST_CASE("what llama.cpp refuses comes with its reason") {
  const Iterations run("{ iterations = 1 }", R"lua(
    local res = http.post(url .. "/completions", json.encode({ prompt = ("why "):rep(200) }))
    assert(expect(res, 400):json("error.type") == "exceed_context_size_error", res.body)
    assert(res:json("error.n_ctx") == 256)
    expect(http.get(url .. "/nothing"), 404)
    expect(http.post(url .. "/chat/completions", "{"), 400)
    expect(http.get(__ENV.OPENAI_ENDPOINT .. "/health"), 200)
  )lua");
}

}  // namespace perigee
