#include "target/completion/generated_text.h"

#include <algorithm>
#include <array>

namespace perigee {
namespace {

// They need no escapes in JSON.
constexpr std::array<std::string_view, 16> kWords{
    " the",     " moon",  " is", " nearest", " to",  " the",   " earth",   " at",
    " perigee", " where", " it", " pulls",   " the", " tides", " hardest", "."};

constexpr std::array<size_t, kWords.size() + 1> make_starts() {
  std::array<size_t, kWords.size() + 1> starts{};
  for (size_t i = 0; i < kWords.size(); ++i)
    starts[i + 1] = starts[i] + kWords[i].size();
  return starts;
}

// Where each word begins in the sequence of all words, and where the sequence ends.
constexpr std::array<size_t, kWords.size() + 1> kStarts = make_starts();
constexpr size_t kSequence = kStarts.back();

// The place in the text at which the n-th token begins.
size_t start_of(size_t n) {
  return n == 0 ? 0 : n / kWords.size() * kSequence + kStarts[n % kWords.size()] - 1;
}

// The token that holds the byte at `at`.
size_t token_at(size_t at) {
  size_t n = (at + 1) / kSequence * kWords.size();
  while (start_of(n + 1) <= at)
    ++n;
  return n;
}

std::string text_of(size_t tokens) {
  std::string text;
  text.reserve(start_of(tokens));
  for (size_t i = 0; i < tokens; ++i)
    text += token_text(i);
  return text;
}

// Since the words repeat, a sequence that is not found this early is not found at all.
std::string searched_text(size_t tokens, std::span<const std::string> stops) {
  size_t longest = 0;
  for (const std::string& stop : stops)
    longest = std::max(longest, stop.size());
  const size_t enough = (longest / kSequence + 3) * kWords.size();
  return text_of(stops.empty() ? 0 : std::min(tokens, enough));
}

}  // namespace

std::string_view token_text(size_t n) {
  const std::string_view word = token_of_id(n);
  return n == 0 ? word.substr(1) : word;
}

std::string_view token_of_id(size_t id) {
  return kWords[id % kWords.size()];
}

GeneratedText::GeneratedText(size_t max_tokens, std::span<const std::string> stops)
    : tokens_(max_tokens), size_(start_of(max_tokens)) {
  const std::string text = searched_text(max_tokens, stops);
  for (const std::string& stop : stops) {
    const size_t begin = text.find(stop);
    if (begin != std::string::npos) stop_at(begin, begin + stop.size());
  }
}

// Of several sequences the one counts that is complete first.
void GeneratedText::stop_at(size_t begin, size_t end) {
  const size_t tokens = token_at(end - 1) + 1;
  if (stopped_ && tokens > tokens_) return;
  size_ = stopped_ && tokens == tokens_ ? std::min(size_, begin) : begin;
  tokens_ = tokens;
  stopped_ = true;
}

std::string_view GeneratedText::token(size_t n) const {
  const size_t start = start_of(n);
  return start >= size_ ? std::string_view() : token_text(n).substr(0, size_ - start);
}

std::string GeneratedText::whole() const {
  std::string text = text_of(tokens_);
  text.resize(size_);
  return text;
}

}  // namespace perigee
