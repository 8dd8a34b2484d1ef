#include "target/predictors.h"

#include <algorithm>
#include <numeric>

#include <doctest/doctest.h>

#include "target/bad_request.h"

namespace perigee {
namespace {

Tensor reals(Shape shape, Reals values) {
  return {"in", Datatype::kFp32, std::move(shape), std::move(values)};
}
Tensor integers(Shape shape, Integers values) {
  return {"in", Datatype::kInt32, std::move(shape), std::move(values)};
}
Tensor texts(Texts values) {
  return {"in", Datatype::kBytes, {static_cast<int64_t>(values.size())}, std::move(values)};
}

int64_t species(double sepal_length, double sepal_width, double petal_length, double petal_width) {
  const Tensor flower = reals({1, 4}, {sepal_length, sepal_width, petal_length, petal_width});
  return predict_iris(std::span(&flower, 1))[0].integers()[0];
}

size_t strongest_class(const Tensor& image) {
  const auto outputs = predict_cifar10(std::span(&image, 1));
  const Reals& scores = outputs[0].reals();
  return static_cast<size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

TEST_CASE("iris tells the species of well-known flowers") {
  CHECK(species(5.1, 3.5, 1.4, 0.2) == 0);
  CHECK(species(6.0, 2.9, 4.5, 1.5) == 1);
  CHECK(species(6.3, 3.3, 6.0, 2.5) == 2);
  CHECK(species(1, 2, 3, 4) == 2);
  CHECK(species(0, 1, 2, 3) == 0);
}

TEST_CASE("iris gives the probabilities a logistic regression gives") {
  const Tensor flower = reals({1, 4}, {1, 2, 3, 4});
  const Tensor output = predict_iris(std::span(&flower, 1))[1];
  CHECK(output.shape == Shape{1, 3});
  CHECK(output.reals()[0] == doctest::Approx(0.03565943).epsilon(1e-6));
  CHECK(output.reals()[1] == doctest::Approx(0.00617459).epsilon(1e-6));
  CHECK(output.reals()[2] == doctest::Approx(0.95816598).epsilon(1e-6));
}

TEST_CASE("iris judges each row of a batch on its own") {
  const Tensor flowers = reals({2, 4}, {5.1, 3.5, 1.4, 0.2, 6.3, 3.3, 6.0, 2.5});
  const Tensor output = predict_iris(std::span(&flowers, 1))[0];
  CHECK(output.shape == Shape{2, 1});
  CHECK(output.integers() == Integers{0, 2});
}

TEST_CASE("iris takes whole numbers, and values beyond all flowers, without losing its head") {
  const Tensor whole = integers({1, 4}, {1, 2, 3, 4});
  CHECK(predict_iris(std::span(&whole, 1))[0].integers() == Integers{2});
  const Tensor huge{"in", Datatype::kFp64, {1, 4}, Reals{1e308, 1e308, 1e308, 1e308}};
  const double probability = predict_iris(std::span(&huge, 1))[1].reals()[2];
  CHECK(probability == 1.0);
}

TEST_CASE("the quality of a wine is linear in its properties") {
  std::vector<Tensor> wine(11, reals({2}, {1, 0}));
  CHECK(predict_wine(wine)[0].reals()[0] == doctest::Approx(2.0905));
  CHECK(predict_wine(wine)[0].reals()[1] == doctest::Approx(4.4301));
  wine[10] = reals({2}, {11, 10});
  CHECK(predict_wine(wine)[0].reals()[0] == doctest::Approx(4.9835));
  CHECK(predict_wine(wine)[0].reals()[1] == doctest::Approx(7.3231));
}

TEST_CASE("add10 adds ten") {
  const Tensor input = reals({4}, {0.5, -10, 0, 90});
  const Tensor output = predict_add10(std::span(&input, 1))[0];
  CHECK(output.name == "OUTPUT");
  CHECK(output.reals() == Reals{10.5, 0, 10, 100});
}

TEST_CASE("tfsimple adds and subtracts, and wraps at 32 bits") {
  const std::vector<Tensor> inputs{integers({1, 3}, {1, 2, 2147483647}),
                                   integers({1, 3}, {10, 2, 1})};
  const auto outputs = predict_simple(inputs);
  CHECK(outputs[0].integers() == Integers{11, 4, -2147483648});
  CHECK(outputs[1].integers() == Integers{-9, 0, 2147483646});
}

TEST_CASE("tfsimple_string adds and subtracts numbers written as text") {
  const std::vector<Tensor> inputs{texts({"97", "-5"}), texts({"97", "7"})};
  const auto outputs = predict_simple_string(inputs);
  CHECK(outputs[0].texts() == Texts{"194", "2"});
  CHECK(outputs[1].texts() == Texts{"0", "-12"});
}

TEST_CASE("tfsimple_string refuses text that is no number") {
  const std::vector<Tensor> inputs{texts({"1"}), texts({"ninety"})};
  CHECK_THROWS_WITH_AS(predict_simple_string(inputs),
                       "input \"in\": \"ninety\" is not an integer of 32 bits", BadRequest);
}

TEST_CASE("sentiment judges a text by its words") {
  const Tensor input = texts({"this is a cool test", "A terrible, BORING film!", "a film"});
  const Tensor output = predict_sentiment(std::span(&input, 1))[0];
  CHECK(output.shape == Shape{3, 1});
  CHECK(output.texts() == Texts{R"({"label": "POSITIVE", "score": 0.880797})",
                                R"({"label": "NEGATIVE", "score": 0.982014})",
                                R"({"label": "POSITIVE", "score": 0.500000})"});
}

TEST_CASE("echo gives back what it got and synth the first of it") {
  const std::vector<Tensor> inputs{texts({"hello"}), integers({1}, {7})};
  CHECK(predict_echo(inputs).size() == 2);
  CHECK(predict_echo(inputs)[1].integers() == Integers{7});
  CHECK(predict_synth(inputs).size() == 1);
  CHECK(predict_synth(inputs)[0].name == "OUTPUT0");
  CHECK(predict_synth(inputs)[0].texts() == Texts{"hello"});
}

TEST_CASE("an image classifier gives each image probabilities that add up to one") {
  const Tensor images = reals({2, 28, 28, 1}, Reals(2 * 784, 0.1));
  const Tensor output = predict_mnist(std::span(&images, 1))[0];
  CHECK(output.shape == Shape{2, 10});
  const Reals& scores = output.reals();
  CHECK(std::accumulate(scores.begin(), scores.begin() + 10, 0.0) == doctest::Approx(1.0));
  CHECK(std::accumulate(scores.begin() + 10, scores.end(), 0.0) == doctest::Approx(1.0));
}

TEST_CASE("what an image shows decides its class") {
  Tensor image = reals({1, 3, 32, 32}, Reals(3072, 0.1));
  const size_t plain = strongest_class(image);
  for (size_t i = 0; i < 3072; i += 10)
    std::get<Reals>(image.values)[i + (plain + 1) % 10] = 5;
  CHECK(strongest_class(image) != plain);
}

TEST_CASE("resnet tells a thousand classes apart") {
  const Tensor image = reals({1, 224, 224, 3}, Reals(150528, 0.1));
  const Tensor output = predict_resnet(std::span(&image, 1))[0];
  CHECK(output.shape == Shape{1, 1000});
  CHECK(output.reals().size() == 1000);
}

TEST_CASE("the logits of a token depend on what came before it, and only on that") {
  const Tensor attention = integers({1, 3}, {1, 1, 1});
  const auto logits = [&](Integers tokens) {
    const std::vector<Tensor> inputs{integers({1, 3}, std::move(tokens)), attention};
    return predict_gpt2(inputs)[0].reals();
  };
  const Reals one = logits({1, 2, 3});
  const Reals other = logits({1, 2, 4});
  CHECK(one.size() == 3 * 64);
  CHECK(std::equal(one.begin(), one.begin() + 128, other.begin()));
  CHECK_FALSE(std::equal(one.begin() + 128, one.end(), other.begin() + 128));
}

TEST_CASE("a token that is not attended to does not count") {
  const auto last = [](int64_t masked) {
    const std::vector<Tensor> inputs{integers({1, 2}, {masked, 5}), integers({1, 2}, {0, 1})};
    return predict_gpt2(inputs)[0].reals()[64];
  };
  CHECK(last(1) == last(2));
}

}  // namespace
}  // namespace perigee
