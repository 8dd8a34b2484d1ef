// A named array of values with a shape: what goes into a model and what comes out of it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/tensor/datatype.h"

namespace perigee {

using Shape = std::vector<int64_t>;
using Reals = std::vector<double>;
using Integers = std::vector<int64_t>;  // UINT64 as its bit pattern
using Texts = std::vector<std::string>;

// `values` holds Reals for FP16 to FP64, Texts for BYTES and Integers for all others, in row-major
// order, as many as `shape` says.
struct Tensor {
  std::string name;
  Datatype datatype = Datatype::kFp32;
  Shape shape;
  std::variant<Reals, Integers, Texts> values;

  const Reals& reals() const { return std::get<Reals>(values); }
  const Integers& integers() const { return std::get<Integers>(values); }
  const Texts& texts() const { return std::get<Texts>(values); }
  // The first dimension; 1 for a scalar.
  int64_t rows() const { return shape.empty() ? 1 : shape.front(); }
};

// A list of tensors that are not copied into it, as they would be from braces.
template <typename... Tensors>
std::vector<Tensor> tensor_list(Tensors&&... tensors) {
  std::vector<Tensor> list;
  list.reserve(sizeof...(tensors));
  (list.push_back(std::forward<Tensors>(tensors)), ...);
  return list;
}

}  // namespace perigee
