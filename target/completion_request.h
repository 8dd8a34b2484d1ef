// A request for a completion, as OpenAI's API has it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "target/behaviour.h"
#include "target/completion/generated_text.h"
#include "target/completion/prompts.h"

namespace perigee {

// What a completion is like where its request does not say.
struct CompletionOptions {
  Latency first_token{.kind = Latency::Kind::kFixed, .mean = std::chrono::milliseconds(50)};
  Latency token_interval{.kind = Latency::Kind::kFixed, .mean = std::chrono::milliseconds(10)};
  uint64_t tokens = 32;
};

enum class CompletionKind : uint8_t { kChat, kText };

struct CompletionRequest {
  static constexpr uint64_t kMaxTokens = 100'000;         // of a choice
  static constexpr uint64_t kMaxTokensInAll = 1'000'000;  // of all choices
  static constexpr uint64_t kMaxChoicesOfPrompt = 128;    // "n"
  static constexpr uint64_t kMaxChoices = 2048;           // of all prompts
  static constexpr size_t kMaxStops = 16;

  CompletionKind kind = CompletionKind::kChat;
  std::string model;
  bool stream = false;
  bool include_usage = false;      // a stream tells it in a last chunk
  bool limited = false;            // the request says how many tokens
  uint64_t choices_of_prompt = 1;  // "n"
  Prompts prompts;
  GeneratedText text{0};  // the same for every choice
  Latency first_token;
  Latency token_interval;

  size_t choices() const { return choices_of_prompt * prompts.count; }
  // What the text of a choice begins with: its prompt, if "echo" asks for it.
  std::string_view echoed(size_t choice) const;
  const char* finish_reason() const { return limited && !text.stopped() ? "length" : "stop"; }
};

// Reads the JSON of a request; `first_token` and `token_interval` in it are of this server only.
// Members that it does not know do no harm. Throws BadRequest with one sentence.
CompletionRequest parse_completion_request(CompletionKind kind, std::string_view body,
                                           const CompletionOptions& defaults);

}  // namespace perigee
