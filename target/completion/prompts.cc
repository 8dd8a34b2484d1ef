#include "target/completion/prompts.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "target/bad_request.h"
#include "target/completion/generated_text.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr const char* kPrompt = "prompt";
constexpr const char* kMessages = "messages";

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

bool is_text(const json& value) {
  return value.is_string();
}

bool is_id(const json& value) {
  return value.is_number_unsigned();
}

bool is_list_of(const json& value, bool (*fits)(const json&)) {
  return value.is_array() && !value.empty() && std::all_of(value.begin(), value.end(), fits);
}

bool is_ids(const json& value) {
  return is_list_of(value, is_id);
}

// As a tokenizer turns ids back into text, with the words that completions are made of.
std::string text_of_ids(const json& ids) {
  std::string text;
  for (const json& id : ids)
    text += token_of_id(id.get<uint64_t>());
  return text.starts_with(' ') ? text.substr(1) : text;
}

void add_prompt(const json& prompt, bool keep_text, Prompts& prompts) {
  const bool text = prompt.is_string();
  prompts.tokens += text ? count_words(prompt.get_ref<const std::string&>()) : prompt.size();
  if (!keep_text) return;
  prompts.texts.push_back((text ? prompt.get<std::string>() : text_of_ids(prompt)) + ' ');
}

// A string, or an object with "type" and, if it is one of text, "text".
uint64_t count_part(const json& part) {
  if (part.is_string()) return count_words(part.get_ref<const std::string&>());
  if (!part.is_object()) {
    throw BadRequest("each part of a message's \"content\" must be an object", kMessages);
  }
  const auto text = part.find("text");
  const bool has_text = text != part.end() && text->is_string();
  return has_text ? count_words(text->get_ref<const std::string&>()) : 0;
}

uint64_t count_content(const json& content) {
  if (content.is_null()) return 0;
  if (content.is_string()) return count_words(content.get_ref<const std::string&>());
  if (!content.is_array()) {
    throw BadRequest("the \"content\" of a message must be a text or a list of parts", kMessages);
  }
  uint64_t words = 0;
  for (const json& part : content)
    words += count_part(part);
  return words;
}

}  // namespace

Prompts read_prompts(const json& prompt, bool keep_texts) {
  Prompts prompts;
  if (is_text(prompt) || is_ids(prompt)) {
    add_prompt(prompt, keep_texts, prompts);
    return prompts;
  }
  if (!is_list_of(prompt, is_text) && !is_list_of(prompt, is_ids)) {
    throw BadRequest(
        "\"prompt\" must be a text, a list of texts, a list of token ids or a list of such lists",
        kPrompt);
  }
  prompts.count = prompt.size();
  for (const json& each : prompt)
    add_prompt(each, keep_texts, prompts);
  return prompts;
}

Prompts read_messages(const json& messages) {
  if (!messages.is_array() || messages.empty()) {
    throw BadRequest("\"messages\" must be a list of messages", kMessages);
  }
  Prompts prompts;
  for (const json& message : messages) {
    if (!message.is_object()) throw BadRequest("each of \"messages\" must be an object", kMessages);
    const auto content = message.find("content");
    if (content != message.end()) prompts.tokens += count_content(*content);
  }
  return prompts;
}

}  // namespace perigee
