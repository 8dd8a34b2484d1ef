#include <charconv>

#include <fmt/format.h>

#include "target/bad_request.h"
#include "target/predictors.h"

namespace perigee {
namespace {

int64_t wrap32(int64_t value) {
  return static_cast<int32_t>(static_cast<uint32_t>(value));
}

struct SumsAndDifferences {
  Integers sums, differences;
};

SumsAndDifferences combine(const Integers& left, const Integers& right) {
  SumsAndDifferences result;
  result.sums.reserve(left.size());
  result.differences.reserve(left.size());
  for (size_t i = 0; i < left.size(); ++i) {
    result.sums.push_back(wrap32(left[i] + right[i]));
    result.differences.push_back(wrap32(left[i] - right[i]));
  }
  return result;
}

Integers read_integers(const Tensor& tensor) {
  Integers values;
  values.reserve(tensor.texts().size());
  for (const std::string& text : tensor.texts()) {
    int32_t value = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    if (result.ec != std::errc{} || result.ptr != end) {
      throw BadRequest(fmt::format("input \"{}\": \"{}\" is not an integer of 32 bits", tensor.name,
                                   text.substr(0, 40)));
    }
    values.push_back(value);
  }
  return values;
}

Texts write_integers(const Integers& values) {
  Texts texts;
  texts.reserve(values.size());
  for (const int64_t value : values)
    texts.push_back(fmt::format_int(value).str());
  return texts;
}

}  // namespace

std::vector<Tensor> predict_add10(std::span<const Tensor> inputs) {
  Reals sums;
  for (const double value : inputs[0].reals())
    sums.push_back(value + 10);
  return tensor_list(Tensor{"OUTPUT", Datatype::kFp32, inputs[0].shape, std::move(sums)});
}

std::vector<Tensor> predict_simple(std::span<const Tensor> inputs) {
  SumsAndDifferences result = combine(inputs[0].integers(), inputs[1].integers());
  const Shape& shape = inputs[0].shape;
  return tensor_list(Tensor{"OUTPUT0", Datatype::kInt32, shape, std::move(result.sums)},
                     Tensor{"OUTPUT1", Datatype::kInt32, shape, std::move(result.differences)});
}

std::vector<Tensor> predict_simple_string(std::span<const Tensor> inputs) {
  const SumsAndDifferences result = combine(read_integers(inputs[0]), read_integers(inputs[1]));
  const Shape& shape = inputs[0].shape;
  return tensor_list(
      Tensor{"OUTPUT0", Datatype::kBytes, shape, write_integers(result.sums)},
      Tensor{"OUTPUT1", Datatype::kBytes, shape, write_integers(result.differences)});
}

}  // namespace perigee
