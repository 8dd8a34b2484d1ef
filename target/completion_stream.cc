#include "target/completion_stream.h"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace perigee {
namespace {

// They need no escapes in JSON.
constexpr std::array<std::string_view, 16> kWords{
    " the",     " moon",  " is", " nearest", " to",  " the",   " earth",   " at",
    " perigee", " where", " it", " pulls",   " the", " tides", " hardest", "."};

// {"id":...,"object":...,"created":...,"model":..., without the closing brace
std::string common_part(const CompletionRequest& request, const CompletionIdentity& identity) {
  using nlohmann::json;
  const json model = request.model;
  return fmt::format(
      R"(data: {{"id":"{}","object":"{}","created":{},"model":{},)", identity.id,
      request.kind == CompletionKind::kChat ? "chat.completion.chunk" : "text_completion",
      identity.created, model.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

std::string_view token_text(size_t n) {
  const std::string_view word = kWords[n % kWords.size()];
  return n == 0 ? word.substr(1) : word;
}

std::string usage_json(const CompletionRequest& request) {
  return fmt::format(R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{}}})",
                     request.prompt_tokens, request.tokens, request.prompt_tokens + request.tokens);
}

CompletionStream::CompletionStream(const CompletionRequest& request,
                                   const CompletionIdentity& identity,
                                   std::vector<Duration> offsets, Instant at, TokenRecord& record)
    : chat_(request.kind == CompletionKind::kChat),
      limited_(request.limited),
      usage_(request.include_usage ? usage_json(request) : ""),
      prefix_(common_part(request, identity)),
      offsets_(std::move(offsets)),
      at_(at),
      record_(record) {}

void CompletionStream::take(std::string& out, Instant now) {
  if (next_ == 0) {
    record_.first_token(now - at_);
  } else {
    record_.next_token(now - last_);
  }
  append_token(out, now);
  last_ = now;
  if (++next_ == offsets_.size()) append_end(out);
}

void CompletionStream::append_token(std::string& out, Instant now) {
  if (chat_ && next_ == 0) {
    out += prefix_;
    out += R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},)"
           R"("logprobs":null,"finish_reason":null}]})"
           "\n\n";
  }
  out += prefix_;
  out +=
      chat_ ? R"("choices":[{"index":0,"delta":{"content":")" : R"("choices":[{"index":0,"text":")";
  out += token_text(next_);
  out += chat_ ? "\"}" : "\"";
  fmt::format_to(std::back_inserter(out),
                 R"(,"logprobs":null,"finish_reason":null}}],"sent_ns":{}}})"
                 "\n\n",
                 now.time_since_epoch().count());
}

void CompletionStream::append_end(std::string& out) const {
  out += prefix_;
  fmt::format_to(std::back_inserter(out),
                 R"("choices":[{{"index":0,{},"logprobs":null,"finish_reason":"{}"}}]}})"
                 "\n\n",
                 chat_ ? R"("delta":{})" : R"("text":"")", limited_ ? "length" : "stop");
  if (!usage_.empty()) {
    out += prefix_;
    out += R"("choices":[],"usage":)";
    out += usage_;
    out += "}\n\n";
  }
  out += "data: [DONE]\n\n";
}

}  // namespace perigee
