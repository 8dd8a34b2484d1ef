#include "target/completion_request.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/limits.h"
#include "target/bad_request.h"
#include "target/reply/json_body.h"

namespace perigee {
namespace {

using nlohmann::json;

// Null for a member that is missing or null, which clients mean the same by.
const json* member(const json& document, const char* name) {
  const auto found = document.find(name);
  return found == document.end() || found->is_null() ? nullptr : &*found;
}

bool read_flag(const json& document, const char* name) {
  const json* value = member(document, name);
  if (value == nullptr) return false;
  if (!value->is_boolean())
    throw BadRequest(fmt::format("\"{}\" must be true or false", name), name);
  return value->get<bool>();
}

// False if the member is not there.
bool read_count(const json& document, const char* name, uint64_t max, uint64_t& count) {
  const json* value = member(document, name);
  if (value == nullptr) return false;
  if (!value->is_number_unsigned() || *value == 0U || *value > max) {
    throw BadRequest(fmt::format("\"{}\" must be a whole number from 1 to {}", name, max), name);
  }
  count = value->get<uint64_t>();
  return true;
}

bool is_stop(const json& value) {
  return value.is_string() && !value.get_ref<const std::string&>().empty();
}

std::vector<std::string> read_stops(const json& document) {
  const json* value = member(document, "stop");
  if (value == nullptr) return {};
  if (is_stop(*value)) return {value->get<std::string>()};
  if (!value->is_array() || value->size() > CompletionRequest::kMaxStops ||
      !std::all_of(value->begin(), value->end(), is_stop)) {
    throw BadRequest(fmt::format("\"stop\" must be a text or a list of up to {} texts, none empty",
                                 CompletionRequest::kMaxStops),
                     "stop");
  }
  return value->get<std::vector<std::string>>();
}

void read_text(const json& document, uint64_t tokens, CompletionRequest& request) {
  for (const char* name : {"max_tokens", "max_completion_tokens"}) {
    if (read_count(document, name, CompletionRequest::kMaxTokens, tokens)) request.limited = true;
  }
  request.text = GeneratedText(tokens, read_stops(document));
}

void read_latency(const json& document, const char* name, Latency& latency) {
  const json* value = member(document, name);
  if (value == nullptr) return;
  if (!value->is_string()) {
    throw BadRequest(fmt::format("\"{}\" must be a text like \"50ms\"", name), name);
  }
  try {
    latency = parse_latency(value->get_ref<const std::string&>());
  } catch (const ConfigError& error) {
    throw BadRequest(fmt::format("\"{}\": {}", name, error.what()), name);
  }
}

void read_stream(const json& document, CompletionRequest& request) {
  request.stream = read_flag(document, "stream");
  const json* options = member(document, "stream_options");
  if (options == nullptr) return;
  if (!options->is_object()) {
    throw BadRequest("\"stream_options\" must be an object", "stream_options");
  }
  request.include_usage = read_flag(*options, "include_usage");
}

void read_prompt(const json& document, CompletionRequest& request) {
  const bool chat = request.kind == CompletionKind::kChat;
  const json* value = member(document, chat ? "messages" : "prompt");
  const json none;
  const json& prompt = value == nullptr ? none : *value;
  const bool echo = !chat && read_flag(document, "echo");
  request.prompts = chat ? read_messages(prompt) : read_prompts(prompt, echo);
}

// A small request must not ask for a response without bounds.
void check_size(const CompletionRequest& request) {
  const uint64_t choices = request.choices();
  if (choices > CompletionRequest::kMaxChoices) {
    throw BadRequest(fmt::format("the request asks for {} choices; there can be {}", choices,
                                 CompletionRequest::kMaxChoices));
  }
  const uint64_t tokens = choices * request.text.tokens();
  if (tokens > CompletionRequest::kMaxTokensInAll) {
    throw BadRequest(fmt::format("the request asks for {} tokens over all choices; there can be {}",
                                 tokens, CompletionRequest::kMaxTokensInAll));
  }
  size_t echoed = 0;
  for (const std::string& text : request.prompts.texts)
    echoed += text.size() * request.choices_of_prompt;
  if (echoed <= limits::kRequestBody) return;
  throw BadRequest(
      fmt::format("\"echo\" would repeat {} bytes; it can repeat {}", echoed, limits::kRequestBody),
      "echo");
}

}  // namespace

std::string_view CompletionRequest::echoed(size_t choice) const {
  return prompts.texts.empty() ? std::string_view() : prompts.texts[choice / choices_of_prompt];
}

CompletionRequest parse_completion_request(CompletionKind kind, std::string_view body,
                                           const CompletionOptions& defaults) {
  const json document = parse_json_body(body);
  if (!document.is_object()) throw BadRequest("the body must be a JSON object");
  CompletionRequest request;
  request.kind = kind;
  request.first_token = defaults.first_token;
  request.token_interval = defaults.token_interval;
  const json* model = member(document, "model");
  if (model == nullptr || !model->is_string()) {
    throw BadRequest("\"model\" must be the name of a model", "model");
  }
  request.model = model->get<std::string>();
  read_count(document, "n", CompletionRequest::kMaxChoicesOfPrompt, request.choices_of_prompt);
  read_stream(document, request);
  read_text(document, defaults.tokens, request);
  read_prompt(document, request);
  read_latency(document, "first_token", request.first_token);
  read_latency(document, "token_interval", request.token_interval);
  check_size(request);
  return request;
}

}  // namespace perigee
