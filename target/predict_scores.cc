#include <algorithm>
#include <array>
#include <cmath>

#include "target/predictors.h"

namespace perigee {
namespace {

// Weights without a pattern that would line up with a tensor's dimensions.
constexpr size_t kWeights = 97;

constexpr std::array<double, kWeights> make_weights() {
  std::array<double, kWeights> weights{};
  uint32_t state = 1;
  for (double& weight : weights) {
    state = state * 1664525U + 1013904223U;
    weight = static_cast<double>(state >> 8) / static_cast<double>(1U << 23) - 1;
  }
  return weights;
}

constexpr std::array<double, kWeights> kWeight = make_weights();

void softmax(std::span<double> scores) {
  const double highest = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& score : scores)
    sum += score = std::exp(score - highest);
  for (double& score : scores)
    score /= sum;
}

// Pixel i speaks for class i mod `classes`, so that a large image costs one pass over it.
void classify(std::span<const double> pixels, std::span<double> scores) {
  std::fill(scores.begin(), scores.end(), 0.0);
  size_t to = 0;
  size_t weight = 0;
  for (const double pixel : pixels) {
    scores[to] += pixel * kWeight[weight];
    if (++to == scores.size()) to = 0;
    if (++weight == kWeights) weight = 0;
  }
  softmax(scores);
}

std::vector<Tensor> classify_images(const Tensor& images, const char* output, size_t classes) {
  const auto rows = static_cast<size_t>(images.rows());
  const std::span<const double> pixels = images.reals();
  const size_t size = rows == 0 ? 0 : pixels.size() / rows;
  Reals scores(rows * classes);
  for (size_t row = 0; row < rows; ++row) {
    classify(pixels.subspan(row * size, size), std::span(scores).subspan(row * classes, classes));
  }
  const Shape shape{images.rows(), static_cast<int64_t>(classes)};
  return tensor_list(Tensor{output, Datatype::kFp32, shape, std::move(scores)});
}

}  // namespace

std::vector<Tensor> predict_cifar10(std::span<const Tensor> inputs) {
  return classify_images(inputs[0], "output__0", 10);
}

std::vector<Tensor> predict_mnist(std::span<const Tensor> inputs) {
  return classify_images(inputs[0], "dense_1", 10);
}

std::vector<Tensor> predict_resnet(std::span<const Tensor> inputs) {
  return classify_images(inputs[0], "predictions", 1000);
}

// The score of token t after a position depends on all attended tokens up to there, as in a causal
// language model.
std::vector<Tensor> predict_gpt2(std::span<const Tensor> inputs) {
  const Integers& tokens = inputs[0].integers();
  const Integers& attention = inputs[1].integers();
  const auto length = static_cast<size_t>(inputs[0].shape[1]);
  Reals logits;
  logits.reserve(tokens.size() * static_cast<size_t>(kGpt2Vocabulary));
  uint64_t context = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i % length == 0) context = 0;
    if (attention[i] != 0) context = context * 31 + static_cast<uint32_t>(tokens[i]) + 1;
    for (size_t t = 0; t < static_cast<size_t>(kGpt2Vocabulary); ++t) {
      logits.push_back(10 * kWeight[(context + t * 7) % kWeights]);
    }
  }
  const Shape shape{inputs[0].rows(), inputs[0].shape[1], kGpt2Vocabulary};
  return tensor_list(Tensor{"logits", Datatype::kFp32, shape, std::move(logits)});
}

}  // namespace perigee
