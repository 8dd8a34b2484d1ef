#include "target/completion_stream.h"

#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace perigee {
namespace {

constexpr std::string_view kChunkEnd = "}\n\n";

std::string json_text(std::string_view text) {
  using nlohmann::json;
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

// {"id":...,"object":...,"created":...,"model":..., without the closing brace
std::string common_part(const CompletionRequest& request, const CompletionIdentity& identity) {
  return fmt::format(
      R"(data: {{"id":"{}","object":"{}","created":{},"model":{},)", identity.id,
      request.kind == CompletionKind::kChat ? "chat.completion.chunk" : "text_completion",
      identity.created, json_text(request.model));
}

}  // namespace

std::string usage_json(const CompletionRequest& request) {
  const uint64_t prompt = request.prompts.tokens;
  const uint64_t completion = request.text.tokens() * request.choices();
  return fmt::format(R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{}}})", prompt,
                     completion, prompt + completion);
}

CompletionStream::CompletionStream(CompletionRequest request, const CompletionIdentity& identity,
                                   std::vector<Duration> offsets, Instant at, TokenRecord& record)
    : request_(std::move(request)),
      prefix_(common_part(request_, identity)),
      no_usage_(request_.include_usage ? R"(,"usage":null)" : ""),
      offsets_(std::move(offsets)),
      at_(at),
      record_(record) {}

void CompletionStream::take(std::string& out, Instant now) {
  if (next_ == 0) {
    record_.first_token(now - at_);
  } else {
    record_.next_token(now - last_);
  }
  for (size_t choice = 0; choice < request_.choices(); ++choice)
    append_token(out, choice, now);
  last_ = now;
  if (++next_ == offsets_.size()) append_end(out);
}

void CompletionStream::append_role(std::string& out, size_t choice) const {
  out += prefix_;
  fmt::format_to(std::back_inserter(out),
                 R"("choices":[{{"index":{},"delta":{{"role":"assistant","content":""}},)"
                 R"("logprobs":null,"finish_reason":null}}]{}{})",
                 choice, no_usage_, kChunkEnd);
}

void CompletionStream::append_token(std::string& out, size_t choice, Instant now) const {
  if (chat() && next_ == 0) append_role(out, choice);
  out += prefix_;
  fmt::format_to(std::back_inserter(out), R"("choices":[{{"index":{},)", choice);
  out += chat() ? R"("delta":{"content":")" : R"("text":")";
  if (next_ == 0) {
    const std::string echoed = json_text(request_.echoed(choice));
    out.append(echoed, 1, echoed.size() - 2);
  }
  out += request_.text.token(next_);
  out += chat() ? "\"}" : "\"";
  fmt::format_to(std::back_inserter(out),
                 R"(,"logprobs":null,"finish_reason":null}}]{},"sent_ns":{}{})", no_usage_,
                 now.time_since_epoch().count(), kChunkEnd);
}

void CompletionStream::append_finish(std::string& out, size_t choice) const {
  out += prefix_;
  fmt::format_to(std::back_inserter(out),
                 R"("choices":[{{"index":{},{},"logprobs":null,"finish_reason":"{}"}}]{}{})",
                 choice, chat() ? R"("delta":{})" : R"("text":"")", request_.finish_reason(),
                 no_usage_, kChunkEnd);
}

void CompletionStream::append_end(std::string& out) const {
  for (size_t choice = 0; choice < request_.choices(); ++choice)
    append_finish(out, choice);
  if (request_.include_usage) {
    out += prefix_;
    out.append(R"("choices":[],"usage":)").append(usage_json(request_)).append(kChunkEnd);
  }
  out += "data: [DONE]\n\n";
}

}  // namespace perigee
