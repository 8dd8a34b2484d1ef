#include <algorithm>
#include <array>
#include <cmath>

#include "target/predictors.h"

namespace perigee {
namespace {

constexpr size_t kFeatures = 4;
constexpr size_t kSpecies = 3;

// A multinomial logistic regression fitted to the 150 flowers of the iris data set (L2, C = 1).
constexpr std::array<std::array<double, kFeatures>, kSpecies> kIrisWeights{{
    {-0.42415938, 0.96633485, -2.5160372, -1.08205245},
    {0.53464109, -0.32039706, -0.20702001, -0.94324899},
    {-0.11048172, -0.64593779, 2.72305721, 2.02530144},
}};
constexpr std::array<double, kSpecies> kIrisIntercepts{9.85533212, 2.23415948, -12.0894916};

// In the order of the model's inputs; from a least-squares fit of red wine's quality.
constexpr std::array<double, 11> kWineWeights{0,       -1.0127, 0,       0,      -2.0178, 0.0051,
                                              -0.0035, 0,       -0.4827, 0.8827, 0.2893};
constexpr double kWineIntercept = 4.4301;

// Beyond this a sum of products could overflow, and infinities have no JSON.
constexpr double kLargestFeature = 1e100;

double feature(const Tensor& tensor, size_t index) {
  const double value = is_real(tensor.datatype) ? tensor.reals()[index]
                                                : static_cast<double>(tensor.integers()[index]);
  return std::clamp(value, -kLargestFeature, kLargestFeature);
}

std::array<double, kSpecies> iris_probabilities(const Tensor& flowers, size_t row) {
  std::array<double, kSpecies> scores = kIrisIntercepts;
  for (size_t species = 0; species < kSpecies; ++species) {
    for (size_t i = 0; i < kFeatures; ++i) {
      scores[species] += kIrisWeights[species][i] * feature(flowers, row * kFeatures + i);
    }
  }
  const double highest = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& score : scores)
    sum += score = std::exp(score - highest);
  for (double& score : scores)
    score /= sum;
  return scores;
}

}  // namespace

std::vector<Tensor> predict_iris(std::span<const Tensor> inputs) {
  const int64_t rows = inputs[0].rows();
  Integers species;
  Reals probabilities;
  species.reserve(static_cast<size_t>(rows));
  probabilities.reserve(static_cast<size_t>(rows) * kSpecies);
  for (int64_t row = 0; row < rows; ++row) {
    const auto scores = iris_probabilities(inputs[0], static_cast<size_t>(row));
    species.push_back(std::max_element(scores.begin(), scores.end()) - scores.begin());
    probabilities.insert(probabilities.end(), scores.begin(), scores.end());
  }
  return tensor_list(
      Tensor{"predict", Datatype::kInt64, {rows, 1}, std::move(species)},
      Tensor{
          "predict_proba", Datatype::kFp64, {rows, int64_t{kSpecies}}, std::move(probabilities)});
}

std::vector<Tensor> predict_wine(std::span<const Tensor> inputs) {
  const int64_t rows = inputs[0].rows();
  Reals quality(static_cast<size_t>(rows), kWineIntercept);
  for (size_t row = 0; row < quality.size(); ++row) {
    for (size_t i = 0; i < kWineWeights.size(); ++i) {
      quality[row] += kWineWeights[i] * feature(inputs[i], row);
    }
  }
  return tensor_list(Tensor{"output-1", Datatype::kFp64, {rows, 1}, std::move(quality)});
}

}  // namespace perigee
