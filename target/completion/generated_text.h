// The text of a completion: the same words each time, up to a number of tokens or a stop sequence.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace perigee {

// The text of the n-th token, with the space before it, which the first one does not have.
std::string_view token_text(size_t n);
// The same for a token whose place in a text is not known: always with its space.
std::string_view token_of_id(size_t id);

class GeneratedText {
 public:
  // Generation ends after `max_tokens`, or with the token that completes one of the `stops`; the
  // text then ends before that sequence.
  explicit GeneratedText(size_t max_tokens, std::span<const std::string> stops = {});

  // The number of tokens generated, those that make up the stop sequence included.
  size_t tokens() const { return tokens_; }
  bool stopped() const { return stopped_; }
  // What the n-th token adds to the text; nothing if it belongs to the stop sequence.
  std::string_view token(size_t n) const;
  std::string whole() const;

 private:
  void stop_at(size_t begin, size_t end);

  size_t tokens_;
  size_t size_;  // of the text in bytes
  bool stopped_ = false;
};

}  // namespace perigee
