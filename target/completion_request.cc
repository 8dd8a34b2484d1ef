#include "target/completion_request.h"

#include <cctype>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "target/answer/json_body.h"
#include "target/bad_request.h"

namespace perigee {
namespace {

using nlohmann::json;

uint64_t count_words(std::string_view text) {
  uint64_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!space && !inside) ++words;
    inside = !space;
  }
  return words;
}

// Of a string, or of all strings within: content may be a list of parts, a prompt one of prompts.
uint64_t count_all_words(const json& value) {
  if (value.is_string()) return count_words(value.get_ref<const std::string&>());
  uint64_t words = 0;
  if (value.is_structured()) {
    for (const json& part : value)
      words += count_all_words(part);
  }
  return words;
}

bool read_flag(const json& document, const char* name) {
  const json value = document.value(name, json());
  if (value.is_null()) return false;
  if (!value.is_boolean()) throw BadRequest(fmt::format("\"{}\" must be true or false", name));
  return value.get<bool>();
}

void read_tokens(const json& document, CompletionRequest& request) {
  for (const char* name : {"max_tokens", "max_completion_tokens"}) {
    const json value = document.value(name, json());
    if (value.is_null()) continue;
    if (!value.is_number_unsigned() || value == 0U || value > CompletionRequest::kMostTokens) {
      throw BadRequest(fmt::format("\"{}\" must be a whole number from 1 to {}", name,
                                   CompletionRequest::kMostTokens));
    }
    request.tokens = value.get<uint64_t>();
    request.limited = true;
  }
}

void read_latency(const json& document, const char* name, Latency& latency) {
  const json value = document.value(name, json());
  if (value.is_null()) return;
  if (!value.is_string()) {
    throw BadRequest(fmt::format("\"{}\" must be a text like \"50ms\"", name));
  }
  try {
    latency = parse_latency(value.get_ref<const std::string&>());
  } catch (const ConfigError& error) {
    throw BadRequest(fmt::format("\"{}\": {}", name, error.what()));
  }
}

void read_prompt(const json& document, CompletionRequest& request) {
  const bool chat = request.kind == CompletionKind::kChat;
  const char* const name = chat ? "messages" : "prompt";
  const json prompt = document.value(name, json());
  const bool fits = chat ? prompt.is_array() && !prompt.empty()
                         : prompt.is_string() || (prompt.is_array() && !prompt.empty());
  if (!fits) {
    throw BadRequest(chat ? "\"messages\" must be a list of messages"
                          : "\"prompt\" must be a text, or a list of texts");
  }
  if (!chat) {
    request.prompt_tokens = count_all_words(prompt);
    return;
  }
  for (const json& message : prompt) {
    if (!message.is_object()) throw BadRequest("each of \"messages\" must be an object");
    request.prompt_tokens += count_all_words(message.value("content", json()));
  }
}

}  // namespace

CompletionRequest parse_completion_request(CompletionKind kind, std::string_view body,
                                           const CompletionOptions& defaults) {
  const json document = parse_json_body(body);
  if (!document.is_object()) throw BadRequest("the body must be a JSON object");
  CompletionRequest request;
  request.kind = kind;
  request.tokens = defaults.tokens;
  request.first_token = defaults.first_token;
  request.token_interval = defaults.token_interval;
  const json model = document.value("model", json());
  if (!model.is_string()) throw BadRequest("\"model\" must be the name of a model");
  request.model = model.get<std::string>();
  if (document.value("n", json(1)) != 1) throw BadRequest("\"n\" must be 1: there is one choice");
  request.stream = read_flag(document, "stream");
  const json options = document.value("stream_options", json());
  if (options.is_object()) request.include_usage = read_flag(options, "include_usage");
  read_tokens(document, request);
  read_prompt(document, request);
  read_latency(document, "first_token", request.first_token);
  read_latency(document, "token_interval", request.token_interval);
  return request;
}

}  // namespace perigee
