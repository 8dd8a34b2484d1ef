#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "target/predictors.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 16> kPraise{
    "amazing", "awesome", "beautiful", "best", "brilliant", "cool",    "excellent", "fantastic",
    "good",    "great",   "happy",     "like", "love",      "perfect", "superb",    "wonderful"};
constexpr std::array<std::string_view, 16> kBlame{
    "angry",    "awful", "bad", "boring", "broken", "dislike", "fail",     "hate",
    "horrible", "never", "not", "poor",   "sad",    "slow",    "terrible", "worst"};

template <size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

// Words of praise minus words of blame.
int balance(const std::string& text) {
  int result = 0;
  std::string word;
  const auto judge = [&] {
    if (contains(kPraise, word)) ++result;
    if (contains(kBlame, word)) --result;
    word.clear();
  };
  for (const char c : text) {
    if (is_letter(c)) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else {
      judge();
    }
  }
  judge();
  return result;
}

std::string verdict(const std::string& text) {
  const int points = balance(text);
  const double score = 1 / (1 + std::exp(-2.0 * std::abs(points)));
  return fmt::format(R"({{"label": "{}", "score": {:.6f}}})", points < 0 ? "NEGATIVE" : "POSITIVE",
                     score);
}

}  // namespace

std::vector<Tensor> predict_sentiment(std::span<const Tensor> inputs) {
  Texts verdicts;
  for (const std::string& text : inputs[0].texts())
    verdicts.push_back(verdict(text));
  return tensor_list(
      Tensor{"output", Datatype::kBytes, {inputs[0].rows(), 1}, std::move(verdicts)});
}

std::vector<Tensor> predict_echo(std::span<const Tensor> inputs) {
  return {inputs.begin(), inputs.end()};
}

std::vector<Tensor> predict_synth(std::span<const Tensor> inputs) {
  Tensor output = inputs[0];
  output.name = "OUTPUT0";
  return tensor_list(std::move(output));
}

}  // namespace perigee
