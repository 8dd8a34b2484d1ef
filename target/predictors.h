// The computations behind the models: small, deterministic, and real functions of their inputs.
#pragma once

#include <span>
#include <vector>

#include "target/tensor.h"

namespace perigee {

// Each computes one model's outputs from inputs that fit its specification (see models.h).

// Adds ten to each value.
std::vector<Tensor> predict_add10(std::span<const Tensor> inputs);
// Gives back what it got, as it is.
std::vector<Tensor> predict_echo(std::span<const Tensor> inputs);
// A reference workload: gives its first input back under the name OUTPUT0.
std::vector<Tensor> predict_synth(std::span<const Tensor> inputs);
// A logistic regression over the iris measurements: the species and the probability of each.
std::vector<Tensor> predict_iris(std::span<const Tensor> inputs);
// A linear model of a wine's quality from its eleven properties.
std::vector<Tensor> predict_wine(std::span<const Tensor> inputs);
// The sums and the differences of two integer tensors, wrapping as 32-bit hardware does.
std::vector<Tensor> predict_simple(std::span<const Tensor> inputs);
// The same for integers written as text. Throws BadRequest for other text.
std::vector<Tensor> predict_simple_string(std::span<const Tensor> inputs);
// POSITIVE or NEGATIVE by the words of each text, with a score.
std::vector<Tensor> predict_sentiment(std::span<const Tensor> inputs);
// Probabilities of ten or a thousand classes for each image.
std::vector<Tensor> predict_cifar10(std::span<const Tensor> inputs);
std::vector<Tensor> predict_mnist(std::span<const Tensor> inputs);
std::vector<Tensor> predict_resnet(std::span<const Tensor> inputs);
// Scores of the next token for each position, over a small vocabulary.
std::vector<Tensor> predict_gpt2(std::span<const Tensor> inputs);

inline constexpr int64_t kGpt2Vocabulary = 64;

}  // namespace perigee
