// A request for a completion, as OpenAI's API has it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "target/behaviour.h"

namespace perigee {

// What a completion is like where its request does not say.
struct CompletionOptions {
  Latency first_token{.kind = Latency::Kind::kFixed, .mean = std::chrono::milliseconds(50)};
  Latency token_interval{.kind = Latency::Kind::kFixed, .mean = std::chrono::milliseconds(10)};
  uint64_t tokens = 32;
};

enum class CompletionKind : uint8_t { kChat, kText };

struct CompletionRequest {
  static constexpr uint64_t kMostTokens = 100'000;

  CompletionKind kind = CompletionKind::kChat;
  std::string model;
  bool stream = false;
  bool include_usage = false;  // a stream tells it in a last chunk
  bool limited = false;        // the request says how many tokens
  uint64_t tokens = 0;         // of the answer
  uint64_t prompt_tokens = 0;  // words, for want of a tokenizer
  Latency first_token;
  Latency token_interval;
};

// Reads the JSON of a request; `first_token` and `token_interval` in it are of this server only.
// Throws BadRequest with one sentence.
CompletionRequest parse_completion_request(CompletionKind kind, std::string_view body,
                                           const CompletionOptions& defaults);

}  // namespace perigee
