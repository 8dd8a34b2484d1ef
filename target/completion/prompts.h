// What a completion is asked for: the prompts of a request, or the messages of a chat.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace perigee {

struct Prompts {
  size_t count = 1;
  uint64_t tokens = 0;  // of all of them; a word of a text is one, for want of a tokenizer
  std::vector<std::string> texts;  // one each with a space behind, if they were to be kept
};

// A text, a list of texts, a list of token ids or a list of such lists. Throws BadRequest.
Prompts read_prompts(const nlohmann::json& prompt, bool keep_texts);

// A chat's messages, which are one prompt: the text of their content counts, as a string or as a
// list of parts. Throws BadRequest.
Prompts read_messages(const nlohmann::json& messages);

}  // namespace perigee
